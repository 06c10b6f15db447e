import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Fifty clients that lost their server do not come back in step, and all come back',
  source: {
    passage: 'nats-io/nats.go#563',
    requires: 'Clients that were cut off at one moment are spread by chance over the backoff before they ask again',
  },
  workload: 'reconnect',
  params: {
    messages: 20,
    messageBytes: 64,
    paceMs: 20,
    connections: 50,
    concurrency: 50,
    retries: 6,
    backoffMs: 150,
    ioTimeoutMs: 3000,
    connectTimeoutMs: 3000,
  },
  faults: [{ kind: 'refuse', when: { on: 'event', role: 'client', event: 'received', nth: 100 }, forMs: 300 }],
  expect: [client.completes(), server.completes()],
  kills: ['retries-nearly-in-step', 'retried-at-a-fixed-interval', 'refusal-taken-for-final'],
});
