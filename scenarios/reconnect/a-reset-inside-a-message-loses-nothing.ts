import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reset inside a message loses nothing: the message under way is sent again',
  source: {
    passage: 'SOHU-Co/kafka-node#479',
    requires: 'A message that was not answered when the connection broke is still due on the next',
  },
  workload: 'reconnect',
  params: { messages: 6, messageBytes: 128, retries: 6, backoffMs: 20 },
  faults: [{ kind: 'reset', direction: 'upstream', at: { message: 2, inside: 'payload' }, connections: [1] }],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten'],
});
