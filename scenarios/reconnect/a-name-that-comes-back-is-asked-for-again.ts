import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A name that goes away is asked for again until it is back, and its owner is served again',
  source: {
    passage: 'dnp3/opendnp3#200',
    requires: 'A look-up that failed is one attempt that failed, and no reason to give up those that are left',
  },
  workload: 'reconnect',
  params: {
    messages: 6,
    messageBytes: 128,
    paceMs: 80,
    ioTimeoutMs: 200,
    connectTimeoutMs: 500,
    retries: 20,
    backoffMs: 50,
  },
  // Off its network a container has nobody left to ask for a name.
  faults: [
    { kind: 'cut', role: 'client', when: { on: 'event', role: 'client', event: 'received', nth: 2 }, forMs: 1200 },
  ],
  seen: [client.seen('received', 2)],
  expect: [client.completes()],
  kills: ['unresolved-name-taken-for-final'],
});
