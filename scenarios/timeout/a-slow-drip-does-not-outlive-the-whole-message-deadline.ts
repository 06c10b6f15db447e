import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A slow drip does not outlive the deadline of the whole message',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: 'A byte received never restarts a deadline: it bounds one whole message, however many pieces it takes',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 1, messageBytes: 128, ioTimeoutMs: 250 },
  faults: [{ kind: 'fragment', direction: 'downstream', every: 1, gapMs: 10 }],
  seen: [client.seen('sent')],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['deadline-restarts-with-every-byte', 'no-deadline', 'each-recv-has-the-whole-time'],
});
