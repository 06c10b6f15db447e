import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A late reply is not taken for another: a connection that timed out is done',
  source: {
    passage: 'redis/go-redis#2272',
    requires: 'A connection with an answer outstanding must never carry the next request',
  },
  workload: 'reconnect',
  params: { messages: 4, messageBytes: 128, retries: 6, backoffMs: 20, ioTimeoutMs: 200 },
  faults: [{ kind: 'hold', direction: 'downstream', at: { message: 1, byte: 0 }, forMs: 350, connections: [1] }],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten', 'connection-kept-after-a-timeout'],
});
