import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reset between messages loses nothing that was already delivered',
  source: {
    passage: 'h2o/h2o#2534',
    requires: 'A whole reply that came before a reset is a reply: the reset behind it must not take it away',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 3, messageBytes: 100_000 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 1, byte: 0 } }],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 300 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-while-nothing-is-due-taken-for-an-end'],
});
