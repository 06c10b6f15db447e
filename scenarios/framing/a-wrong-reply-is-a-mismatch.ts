import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A wrong reply is a mismatch: one flipped bit is not overlooked',
  source: {
    passage: 'redis/redis-py#2624',
    requires: 'A whole reply that is not the one due must be told, whatever made it wrong',
  },
  workload: 'echo',
  params: { messages: 4, messageBytes: 256 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 2, inside: 'payload' } }],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(3),
    client.fails({ codes: ['mismatch'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
