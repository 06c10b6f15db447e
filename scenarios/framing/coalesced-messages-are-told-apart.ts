import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Coalesced messages are told apart: one read may hold several of them',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A read may end with the start of the next message, which must be kept aside until it is needed',
  },
  basic: true,
  workload: 'pipeline',
  params: { connections: 2, messages: 5, messageBytes: 64, paceMs: 60 },
  // On a connection each: the replies to joined messages come together already, and there would be nothing to join.
  faults: [
    { kind: 'coalesce', direction: 'upstream', bytes: 1360, waitMs: 200, connections: [1] },
    { kind: 'coalesce', direction: 'downstream', bytes: 1360, waitMs: 200, connections: [2] },
  ],
  expect: [client.completes(), server.completes()],
  kills: ['one-recv-taken-for-one-message', 'rest-of-a-read-dropped', 'one-message-a-read'],
});
