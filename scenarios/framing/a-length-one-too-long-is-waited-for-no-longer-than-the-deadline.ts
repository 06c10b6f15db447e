import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A length that is one too long is waited for no longer than the deadline',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A byte that never comes must not hold the reader: the bound on the whole message ends the wait',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, ioTimeoutMs: 250 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 1, byte: 3 }, xor: 1 }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['no-deadline', 'deadline-cleared-at-the-first-byte', 'only-the-first-message-has-a-deadline'],
});
