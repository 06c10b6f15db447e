import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A length with a sign before its digits is malformed, not negative',
  source: {
    passage: 'CONTRACT, Framing',
    requires: 'The length is five ASCII digits: a sign is none, whatever a lenient conversion makes of it',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 3, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take', seq: 0 },
        { do: 'reply', of: 0 },
        { do: 'take', seq: 1 },
        { do: 'send', text: '-0064' },
      ],
    },
  ],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['malformed'],
      ops: ['recv'],
      within: { from: lastByte('downstream'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['digits-read-leniently'],
});
