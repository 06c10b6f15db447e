import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An attempt to connect that was given up does not complete once the network is back',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires:
      'A socket that is done with is to be closed: one that is only forgotten connects when the answer comes after all',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 300, connections: 2, concurrency: 1 },
  faults: [{ kind: 'hang-connect', forMs: 2500 }],
  expect: [
    client.fails({
      codes: ['timeout'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 300, atMostMs: 360 },
    }),
  ],
  only: {
    cell: 'docker',
    because: 'elsewhere attempts wait in a full queue, where they are open as soon as there is room',
  },
  kills: ['attempt-left-open-when-its-time-is-up', 'connect-without-a-deadline'],
});
