import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An ended connection costs nothing more: while the others rest, so does the program',
  source: {
    passage: 'HOWTO, Non-blocking Sockets',
    requires: 'What is over asks for nothing: a loop that goes on asking it takes the CPU',
  },
  workload: 'echo',
  params: { messages: 15, messageBytes: 64, connections: 3, concurrency: 3, paceMs: 100 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 1, byte: 10 }, connections: [1] }],
  seen: [client.seen('received')],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 300 } }),
  ],
  kills: ['busy-after-a-failed-connection'],
});
