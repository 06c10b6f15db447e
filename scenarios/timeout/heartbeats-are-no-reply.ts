import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Heartbeats are no reply: a peer that is alive and answers nothing times out',
  source: {
    passage: 'nodejs/undici#3297',
    requires: 'Signs of life do not put off the deadline of an answer: a server can be alive and stuck',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, ioTimeoutMs: 400 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take', seq: 0 },
        { do: 'reply', of: 0 },
        { do: 'take', seq: 1 },
        ...Array.from({ length: 10 }, () => [
          { do: 'send', hex: '00000000' } as const,
          { do: 'pause', ms: 80 } as const,
        ]).flat(),
      ],
      provedBy: 4,
    },
  ],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['deadline-restarts-with-every-byte', 'each-recv-has-the-whole-time'],
});
