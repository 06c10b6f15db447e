import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message cut by RST is a reset on both sides, and what was cut is not delivered',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset aborts the connection: both users are told that it was reset, whatever they were doing',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 4, messageBytes: 1024 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 2, inside: 'payload' } }],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(2),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-crashes-the-process', 'reset-counted-as-an-end'],
});
