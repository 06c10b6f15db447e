import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connect that nobody answers times out, neither early nor late',
  source: {
    passage: 'EnterpriseDB/repmgr#174',
    requires: 'The kernel tries to connect for minutes; how long a program waits is for the program to bound',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 300, connections: 2 },
  faults: [{ kind: 'hang-connect' }],
  expect: [
    client.fails({
      codes: ['timeout'],
      ops: ['connect'],
      within: { from: event('client', 'connecting'), atLeastMs: 300, atMostMs: 360 },
    }),
  ],
  kills: ['connect-without-a-deadline', 'attempt-left-open-when-its-time-is-up'],
});
