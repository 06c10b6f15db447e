import { fault, server } from '../../harness/scenario/expectation.ts';
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
    messages: 1250,
    messageBytes: 65_536,
    ioTimeoutMs: 3000,
  },
  // At that pace the whole would take most of a minute; the client is gone after a little more than a second of it.
  faults: [
    { kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 2000 },
    { kind: 'kill', role: 'client', when: { on: 'event', role: 'client', event: 'received', nth: 40 } },
  ],
  expect: [
    server.delivers(1),
    server.fails({
      codes: ['reset', 'broken-pipe'],
      within: { from: fault(1), atLeastMs: 0, atMostMs: 500 },
    }),
    server.growsAtMost(60),
  ],
  kills: ['everything-gathered-before-it-is-sent'],
});
