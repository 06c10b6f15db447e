import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: "A frozen server that thaws serves again, and its late replies are nobody's",
  source: {
    passage: 'nats-io/nats.node#9',
    requires: 'What a server answers after it stood still belongs to connections that were given up',
  },
  workload: 'reconnect',
  params: { messages: 5, messageBytes: 128, paceMs: 60, retries: 8, backoffMs: 30, ioTimeoutMs: 200 },
  faults: [
    { kind: 'freeze', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 2 }, forMs: 350 },
  ],
  expect: [client.completes()],
  kills: ['message-under-way-forgotten', 'connection-kept-after-a-timeout'],
});
