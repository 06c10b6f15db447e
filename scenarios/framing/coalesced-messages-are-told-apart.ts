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
  params: { messages: 6, messageBytes: 64, paceMs: 40 },
  faults: [
    { kind: 'coalesce', direction: 'upstream', bytes: 1360, waitMs: 150 },
    // The echoes of joined messages come together already: two in one write are as many as is sure.
    { kind: 'coalesce', direction: 'downstream', bytes: 136, waitMs: 150 },
  ],
  expect: [client.completes(), server.completes()],
  kills: ['one-recv-taken-for-one-message', 'rest-of-a-read-dropped', 'one-message-a-read'],
});
