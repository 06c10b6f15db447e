import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An end between messages is told where a reply was due',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'When a recv returns 0 bytes no more data will come, ever: a reply that was due has failed',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 64, paceMs: 10 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 3, byte: 0 } }],
  seen: [client.seen('received', 3)],
  expect: [
    client.delivers(3),
    client.fails({ codes: ['closed'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
