import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A narrow line still carries whole messages: bytes trickle, nothing is lost',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'recv returns what has come so far, however little that is on a slow line',
  },
  workload: 'echo',
  // Longer than the slices of either proxy at this rate: 100 bytes, or Toxiproxy's 1000.
  params: { messages: 1, messageBytes: 1900 },
  faults: [{ kind: 'bandwidth', direction: 'both', kilobytesPerSecond: 10 }],
  expect: [client.completes(), server.completes()],
  kills: ['one-recv-taken-for-one-message'],
});
