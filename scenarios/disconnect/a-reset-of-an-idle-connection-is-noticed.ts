import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reset of an idle connection is noticed at once, by both',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset aborts the connection, also where nobody is sending: both users are told',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, durationMs: 3000 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 2, byte: 0 } }],
  seen: [client.seen('heard', 2)],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-crashes-the-process'],
});
