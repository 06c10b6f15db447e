import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An early end of an idle connection is noticed at once',
  source: {
    passage: 'openonion/connectonion#548',
    requires: 'A connection that only waits must still take in that the other side has ended, and let go of it',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, durationMs: 3000 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 2, byte: 0 } }],
  seen: [client.seen('heard', 2)],
  expect: [client.fails({ codes: ['closed'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } })],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
