import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connection that a kernel aborts is a reset to both of its ends',
  source: {
    passage: 'RFC 9293, 3.10.5',
    requires: 'An aborted connection is told to its own user, and by a reset to the peer',
  },
  workload: 'echo',
  params: { messages: 100, messageBytes: 256, paceMs: 30 },
  faults: [{ kind: 'kill-socket', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 3 } }],
  seen: [client.seen('received', 3)],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 500 } }),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end'],
});
