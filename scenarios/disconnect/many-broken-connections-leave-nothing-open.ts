import { client, ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Many broken connections leave nothing open, on either side',
  source: {
    passage: 'openonion/connectonion#548',
    requires: 'Whatever ended a connection, both sides let go of it: a leak shows only after many of them',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, connections: 100, concurrency: 10, ioTimeoutMs: 3000 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 1, inside: 'payload' } }],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['failed-connection-never-closed', 'failed-connection-left-open'],
});
