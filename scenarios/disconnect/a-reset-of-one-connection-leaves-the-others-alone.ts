import { client, ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reset of one connection leaves the others alone',
  source: {
    passage: 'statsd/statsd#591',
    requires: "An error of one socket is that socket's affair: the process lives, and every other connection goes on",
  },
  workload: 'echo',
  params: { messages: 6, messageBytes: 256, connections: 6, paceMs: 15 },
  faults: [{ kind: 'reset', direction: 'upstream', at: { message: 2, inside: 'payload' }, connections: [2, 5] }],
  expect: [
    client.completes(),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 200 } }),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['reset-crashes-the-process', 'failed-connection-never-closed', 'failed-connection-left-open'],
});
