import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A flapping line is outlasted: each answer starts the count of retries anew',
  source: {
    passage: 'CONTRACT, Parameters',
    requires: 'Attempts are counted anew after each echo, so that a line that breaks often but works is good enough',
  },
  workload: 'reconnect',
  params: { messages: 8, messageBytes: 128, paceMs: 20, retries: 2, backoffMs: 10 },
  faults: [
    { kind: 'reset', direction: 'downstream', at: { message: 1, byte: 0 }, connections: [1] },
    { kind: 'reset', direction: 'downstream', at: { message: 1, byte: 0 }, connections: [2] },
    { kind: 'reset', direction: 'downstream', at: { message: 1, byte: 0 }, connections: [3] },
  ],
  expect: [client.completes()],
  kills: ['retries-counted-for-ever'],
});
