import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reader that pauses loses nothing: the sender waits and goes on',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      'send does not always get rid of everything in one pass; what was not taken is sent again when there is room',
  },
  workload: 'slow-reader',
  params: { content: 'zeros', messages: 80, messageBytes: 200_000, readPauseMs: 200, ioTimeoutMs: 1500 },
  faults: [{ kind: 'latency', direction: 'upstream', latencyMs: 20 }],
  expect: [client.completes(), server.completes(), server.delivers(80)],
  kills: ['send-count-ignored'],
});
