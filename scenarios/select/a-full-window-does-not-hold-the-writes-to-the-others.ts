import { client, event, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A client whose window is full does not hold the writes to the others',
  source: {
    passage: 'apache/pulsar#6740',
    requires: 'A server never waits to write to one client while another could be written to',
  },
  workload: 'download',
  // For each connection more than the kernels on the way hold. The clients bear less silence than a write has time.
  params: {
    content: 'zeros',
    messages: 64,
    messageBytes: 200_000,
    connections: 4,
    concurrency: 4,
    deadPeerMs: 500,
    ioTimeoutMs: 1200,
  },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 0, byte: 0 }, connections: [1] }],
  expect: [
    client.completes(),
    client.fails({
      codes: ['dead-peer'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 500, atMostMs: 650 },
    }),
    server.fails({
      codes: ['timeout', 'reset', 'broken-pipe'],
      ops: ['send'],
      within: { from: fault(), atLeastMs: 400, atMostMs: 1500 },
    }),
  ],
  kills: ['one-write-at-a-time'],
});
