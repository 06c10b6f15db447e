import { client, event, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A slow drip does not hold a server beyond the deadline of the whole message',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: 'A byte received never restarts a deadline: from its first byte on a message has its time, and no more',
  },
  workload: 'echo',
  params: { messages: 1, messageBytes: 128, ioTimeoutMs: 250 },
  faults: [{ kind: 'fragment', direction: 'upstream', every: 1, gapMs: 10 }],
  expect: [
    server.delivers(0),
    server.fails({
      codes: ['timeout', 'truncated', 'reset'],
      ops: ['recv'],
      within: { from: event('client', 'sending', 0), atLeastMs: 245, atMostMs: 320 },
    }),
    client.delivers(0),
  ],
  kills: ['no-deadline', 'deadline-restarts-with-every-byte', 'each-recv-has-the-whole-time'],
});
