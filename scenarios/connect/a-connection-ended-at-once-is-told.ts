import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connection that ends as soon as it stands is no service',
  source: {
    passage: 'FreeTAKTeam/LXMF-rs#493',
    requires: 'Accepted is not served: an end before the first reply is a failure each time',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, connections: 12 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 0, byte: 0 } }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
