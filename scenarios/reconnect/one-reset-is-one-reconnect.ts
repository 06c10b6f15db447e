import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'One reset is one reconnect: whoever is told of it twice still connects once',
  source: {
    passage: 'reticlehq/reticle#308',
    requires: 'A reset that an error handler and an end handler both hear of starts one attempt to connect again',
  },
  workload: 'reconnect',
  params: { messages: 6, messageBytes: 64, paceMs: 60, connections: 3, retries: 4, backoffMs: 30 },
  faults: [{ kind: 'reset', direction: 'downstream', at: { message: 2, byte: 0 }, connections: [1, 2, 3] }],
  expect: [client.completes(), server.completes()],
  kills: ['two-error-paths-each-reconnect'],
});
