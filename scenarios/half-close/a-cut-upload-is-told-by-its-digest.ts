import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A cut upload is told by its digest: the client must compare',
  source: {
    passage: 'CONTRACT, Workloads',
    requires:
      'Where the end of the stream ends the message its receiver cannot see a cut; the reply shows it to the sender',
  },
  workload: 'upload',
  params: { messageBytes: 20_000 },
  faults: [{ kind: 'fin', direction: 'upstream', at: { message: 0, byte: 12_345 } }],
  expect: [
    server.delivers(1),
    client.fails({ codes: ['mismatch'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 300 } }),
  ],
  kills: ['any-reply-taken-for-the-right-one'],
});
