import { client, lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Half a message on one connection does not block the others',
  source: {
    passage: 'HOWTO, Non-blocking Sockets',
    requires: 'A receive loop for one message must not be where the whole server waits',
  },
  workload: 'echo',
  params: { messages: 4, messageBytes: 200, connections: 8, concurrency: 8, ioTimeoutMs: 400 },
  faults: [{ kind: 'hold', direction: 'upstream', at: { message: 1, inside: 'payload' }, connections: [1, 2] }],
  expect: [
    client.completes(),
    server.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['one-client-at-a-time'],
});
