import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reply that is given twice does not answer the next message',
  source: {
    passage: 'linsomniac/python-memcached#166',
    requires: 'What is left over of one answer must not be taken for the next',
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
        { do: 'reply', of: 0 },
        { do: 'take', seq: 1 },
        { do: 'reply', of: 1 },
      ],
      provedBy: 2,
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
