import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Heartbeats before a reply that comes in time are harmless',
  source: {
    passage: 'amqp-node/amqplib#556',
    requires: 'An answer at nine tenths of its time is an answer, whatever signs of life came before it',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      polite: true,
      steps: [
        { do: 'take', seq: 0 },
        ...Array.from({ length: 4 }, () => [
          { do: 'send', hex: '00000000' } as const,
          { do: 'pause', ms: 440 } as const,
        ]).flat(),
        { do: 'reply', of: 0 },
        { do: 'take', seq: 1 },
        { do: 'reply', of: 1 },
      ],
    },
  ],
  expect: [client.completes()],
  kills: ['half-the-deadline-kept'],
});
