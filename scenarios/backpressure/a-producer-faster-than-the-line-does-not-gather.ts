import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A producer that is faster than the line keeps to the pace of the line, in bounded memory',
  source: {
    passage: 'aio-libs/aiohttp#1367',
    requires: 'A slow line slows its producer: what is produced ahead of it would have to be kept',
  },
  workload: 'download',
  params: {
    content: 'zeros',
    messages: 128,
    messageBytes: 1_048_576,
    maxMessageBytes: 2_000_000,
    ioTimeoutMs: 5000,
  },
  faults: [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 100_000 }],
  expect: [client.completes(), server.completes(), client.delivers(128), server.growsAtMost(96)],
  kills: ['everything-gathered-before-it-is-sent'],
});
