import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connection that is reset as soon as it stands is told, in connect or after it',
  source: {
    passage: 'redis/node-redis#3104',
    requires: 'The window between connecting and the first message is no place where an error can be lost',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, connections: 12 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 0, byte: 0 } }],
  expect: [
    client.delivers(0),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end'],
});
