import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A download that ends between two messages is incomplete, not done',
  source: {
    passage: 'nodejs/undici#5273',
    requires: 'An end before the last message that was due is an error, although no message was cut',
  },
  workload: 'download',
  params: { messages: 6, messageBytes: 500 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 4, byte: 0 } }],
  expect: [
    client.delivers(4),
    client.fails({ codes: ['closed'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
