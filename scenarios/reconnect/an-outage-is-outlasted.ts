import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An outage is outlasted: refused is not for ever',
  source: {
    passage: 'redis/node-redis#3346',
    requires: 'After an outage service must return without a restart',
  },
  workload: 'reconnect',
  params: { messages: 6, messageBytes: 128, paceMs: 20, retries: 12, backoffMs: 20 },
  faults: [{ kind: 'refuse', when: { on: 'event', role: 'client', event: 'received', nth: 2 }, forMs: 150 }],
  expect: [client.completes()],
  kills: ['refusal-taken-for-final', 'message-under-way-forgotten'],
});
