import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A lost reply is asked for again, and what was answered is not',
  source: {
    passage: 'redis/ioredis#965',
    requires: 'After a cut in the middle of the answers only what was not answered is sent again',
  },
  workload: 'reconnect',
  params: { messages: 6, messageBytes: 128, retries: 6, backoffMs: 20 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 3, inside: 'payload' }, connections: [1] }],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten', 'everything-sent-again'],
});
