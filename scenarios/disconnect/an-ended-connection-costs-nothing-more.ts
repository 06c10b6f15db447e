import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An ended connection costs nothing more: while the others rest, so does the program',
  source: {
    passage: 'joyent/libuv#690',
    requires: 'A socket that has ended is always ready; one that stays among those polled takes a whole core',
  },
  workload: 'echo',
  params: { messages: 15, messageBytes: 64, connections: 3, concurrency: 3, paceMs: 100 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 1, byte: 10 }, connections: [1] }],
  seen: [client.seen('received')],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 300 } }),
  ],
  kills: ['ended-connection-polled-on'],
});
