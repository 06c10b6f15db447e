import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A network that comes back after everybody gave up is used again',
  source: {
    passage: 'redis/node-redis#3346',
    requires: 'After an outage service must return without a restart, also where there was no network to be refused on',
  },
  workload: 'reconnect',
  params: {
    messages: 8,
    messageBytes: 128,
    paceMs: 80,
    ioTimeoutMs: 300,
    connectTimeoutMs: 500,
    retries: 20,
    backoffMs: 50,
  },
  faults: [
    { kind: 'cut', role: 'client', when: { on: 'event', role: 'client', event: 'received', nth: 2 }, forMs: 900 },
  ],
  seen: [client.seen('received', 2)],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten'],
});
