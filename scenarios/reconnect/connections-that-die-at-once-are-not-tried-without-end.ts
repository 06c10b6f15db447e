import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Connections that die as soon as they are made are not tried without end',
  source: {
    passage: 'alpacax/alpacon-cli#394',
    requires: 'A connection that was reset before it was of any use does not start the retries anew',
  },
  workload: 'reconnect',
  params: { messages: 2, messageBytes: 64, retries: 3, backoffMs: 40, ioTimeoutMs: 2000 },
  faults: [{ kind: 'script', role: 'server', steps: [{ do: 'take', seq: 0 }, { do: 'reset' }] }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['reset', 'broken-pipe'],
      within: { from: event('client', 'connected'), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['retries-counted-anew-by-each-connect', 'retried-without-end'],
});
