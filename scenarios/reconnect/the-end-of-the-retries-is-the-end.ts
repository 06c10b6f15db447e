import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'The end of the retries is the end: a server that stays away is given up',
  source: {
    passage: 'mqttjs/MQTT.js#301',
    requires: 'Retrying has a bound; when it is reached the failure is told and the program goes on',
  },
  workload: 'reconnect',
  params: { messages: 2, retries: 3, backoffMs: 15 },
  faults: [{ kind: 'refuse' }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['refused'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['retried-without-end'],
});
