import { client, event, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A sender that is not read gathers no more than it must: what waits is not held in memory',
  source: {
    passage: 'nodejs/node#9254',
    requires: 'What the peer does not take is held back at its source, and not written into a buffer that grows',
  },
  workload: 'download',
  params: {
    content: 'zeros',
    messages: 80,
    messageBytes: 1_048_576,
    maxMessageBytes: 2_000_000,
    ioTimeoutMs: 1000,
  },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 1, byte: 0 } }],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'received', 0), atLeastMs: 1000, atMostMs: 1150 },
    }),
    server.growsAtMost(60),
  ],
  kills: ['everything-gathered-before-it-is-sent'],
});
