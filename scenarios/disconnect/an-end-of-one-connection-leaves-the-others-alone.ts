import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An end of one connection inside a message leaves the others alone',
  source: {
    passage: 'openonion/connectonion#548',
    requires: 'A connection that broke is closed and forgotten; the others are served as before',
  },
  workload: 'echo',
  params: { messages: 6, messageBytes: 256, connections: 6, paceMs: 15 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 2, inside: 'payload' }, connections: [1, 4] }],
  expect: [
    client.completes(),
    client.fails({ codes: ['truncated'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['failed-connection-never-closed', 'eof-inside-a-message-delivered'],
});
