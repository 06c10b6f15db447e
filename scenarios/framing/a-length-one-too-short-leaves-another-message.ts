import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A length one too short makes another message, which is not taken for the one due',
  source: {
    passage: 'CONTRACT, Output: events',
    requires: 'A whole reply that is not the one due is a mismatch, however alike it looks',
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
        { do: 'payload', seq: 1, hex: '00', times: 63 },
        { do: 'send', hex: '00' },
      ],
      provedBy: 3,
    },
  ],
  expect: [
    client.delivers(2),
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: event('client', 'received', 1), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
