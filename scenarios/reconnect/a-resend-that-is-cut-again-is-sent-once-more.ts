import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A resend that is cut again is sent once more: on its way out, and on its way back',
  source: {
    passage: 'mqttjs/MQTT.js#2015',
    requires: 'What is being sent again when the next cut comes is still owed, and so is all that waits behind it',
  },
  workload: 'reconnect',
  params: { messages: 6, messageBytes: 128, retries: 4, backoffMs: 10 },
  faults: [
    { kind: 'reset', direction: 'downstream', at: { message: 3, inside: 'payload' }, connections: [1] },
    { kind: 'reset', direction: 'upstream', at: { message: 0, inside: 'payload' }, connections: [2] },
    { kind: 'fin', direction: 'downstream', at: { message: 0, inside: 'payload' }, connections: [3] },
  ],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten', 'everything-sent-again'],
});
