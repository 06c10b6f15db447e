import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reply to a message that was never sent is no reply to the next',
  source: {
    passage: 'redis/redis-py#2624',
    requires: 'A connection that holds an answer nobody asked for must not hand it to the next question',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'payload', seq: 0, hex: '5a', times: 64 },
        { do: 'take', seq: 0 },
        { do: 'reply', of: 0 },
      ],
      provedBy: 2,
    },
  ],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: event('client', 'received', 0), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
