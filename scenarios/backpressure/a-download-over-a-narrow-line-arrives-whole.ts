import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A download over a narrow line arrives whole: closing drops nothing that was sent',
  source: {
    passage: 'moby/spdystream#111',
    requires: 'An orderly close delivers what was accepted for sending, however slowly it is taken',
  },
  workload: 'download',
  params: { content: 'zeros', messages: 30, messageBytes: 200_000, ioTimeoutMs: 1500 },
  faults: [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 20_000 }],
  expect: [client.completes(), server.completes(), client.delivers(30)],
  kills: ['dropped-by-closing'],
});
