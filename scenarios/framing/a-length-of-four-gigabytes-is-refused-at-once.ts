import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A length of four gigabytes is refused at once, and not taken for a negative one',
  source: {
    passage: 'TooTallNate/Java-WebSocket#1507',
    requires: 'What a header announces is compared with a limit before anything is read, allocated or waited for',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take', seq: 0 },
        { do: 'reply', of: 0 },
        { do: 'take', seq: 1 },
        { do: 'send', hex: 'ffffffff' },
      ],
    },
  ],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['too-large'],
      ops: ['recv'],
      within: { from: lastByte('downstream'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['announced-length-trusted', 'size-taken-on-trust'],
});
