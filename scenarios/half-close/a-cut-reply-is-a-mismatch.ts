import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reply cut by an end is a mismatch, not a short success',
  source: {
    passage: 'psf/requests#4956',
    requires: 'A reply that only an end ends must be compared with what was due before it is taken for one',
  },
  workload: 'upload',
  params: { messageBytes: 5000 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 0, byte: 30 } }],
  expect: [
    client.fails({ codes: ['mismatch'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 300 } }),
  ],
  kills: ['any-reply-taken-for-the-right-one'],
});
