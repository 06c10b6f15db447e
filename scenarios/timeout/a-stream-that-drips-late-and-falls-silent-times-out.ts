import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A stream that comes late, in pieces, and then falls silent times out like any other',
  source: {
    passage: 'nodejs/undici#5393',
    requires: 'Two faults together are not excused by either of them: the bound is for the whole message',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 60, ioTimeoutMs: 300 },
  faults: [
    { kind: 'fragment', direction: 'downstream', every: 16, gapMs: 5 },
    { kind: 'latency', direction: 'downstream', latencyMs: 40 },
    { kind: 'hold', direction: 'downstream', at: { message: 1, inside: 'payload' } },
  ],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 300, atMostMs: 360 },
    }),
  ],
  kills: ['deadline-cleared-at-the-first-byte', 'no-deadline'],
});
