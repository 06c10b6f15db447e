import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A late reply is waited for after the own end, for as long as a reply may take',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires: 'Done sending is not done receiving: the reply may take its whole time',
  },
  workload: 'upload',
  params: { messageBytes: 1000, ioTimeoutMs: 600 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 400 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept'],
});
