import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Replies in another order than their messages are mismatches',
  source: {
    passage: 'redis/redis-py#2624',
    requires: 'In a pipeline the place of a reply says what it answers, so one out of place answers nothing',
  },
  workload: 'pipeline',
  params: { messages: 4, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take', seq: 0, count: 4 },
        { do: 'reply', of: 0 },
        { do: 'reply', of: 2 },
        { do: 'reply', of: 1 },
        { do: 'reply', of: 3 },
      ],
      provedBy: 2,
    },
  ],
  expect: [
    client.delivers(2, 4),
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: event('client', 'received', 1), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
