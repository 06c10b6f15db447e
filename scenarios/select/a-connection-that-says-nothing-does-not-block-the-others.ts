import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connection that says nothing does not block the others',
  source: {
    passage: 'HOWTO, Creating a Socket',
    requires: 'A server that waits in its accept loop for what one client will say serves nobody else meanwhile',
  },
  workload: 'echo',
  params: { messages: 4, messageBytes: 200, connections: 8, concurrency: 8, ioTimeoutMs: 400 },
  faults: [{ kind: 'hold', direction: 'upstream', at: { message: 0, byte: 0 }, connections: [1] }],
  expect: [
    client.completes(),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['one-client-at-a-time', 'served-inside-the-accept-loop'],
});
