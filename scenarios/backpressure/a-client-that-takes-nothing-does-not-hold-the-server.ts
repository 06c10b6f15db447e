import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A client that takes nothing does not hold its server for ever',
  source: {
    passage: 'aio-libs/aiohttp#1367',
    requires: 'A server that writes to somebody who does not read must let go when the time of the message is up',
  },
  workload: 'download',
  params: { content: 'zeros', messages: 100, messageBytes: 200_000, ioTimeoutMs: 300 },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 1, byte: 0 } }],
  expect: [
    server.fails({
      codes: ['timeout', 'reset', 'broken-pipe'],
      within: { from: fault(), atLeastMs: 200, atMostMs: 700 },
    }),
    client.delivers(1),
    client.fails({ codes: ['timeout'], ops: ['recv'], within: { from: fault(), atLeastMs: 250, atMostMs: 360 } }),
  ],
  kills: ['no-deadline'],
});
