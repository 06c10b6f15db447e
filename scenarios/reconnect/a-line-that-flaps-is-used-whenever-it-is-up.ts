import { client } from '../../harness/scenario/expectation.ts';
import type { FaultInput } from '../../harness/scenario/fault.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const FLAPS = 10;
const PERIOD_MS = 200;

/** Down for half of each period. */
const flaps = Array.from({ length: FLAPS }, (_, index): FaultInput => ({
  kind: 'refuse',
  when: { on: 'time', afterMs: 300 + index * PERIOD_MS },
  forMs: PERIOD_MS / 2,
}));

export const scenario = defineScenario({
  claim: 'A line that goes and comes ten times is used whenever it is up, by every connection',
  source: {
    passage: 'redis/node-redis#3346',
    requires: 'However often service is lost it is found again, and nothing is left of the attempts between',
  },
  workload: 'reconnect',
  params: { messages: 60, messageBytes: 64, paceMs: 20, connections: 3, retries: 12, backoffMs: 10, ioTimeoutMs: 3000 },
  faults: flaps,
  expect: [client.completes()],
  kills: ['retries-counted-for-ever', 'refusal-taken-for-final'],
});
