import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A first reply and then silence times out: every message has a deadline of its own',
  source: {
    passage: 'sidorares/node-mysql2#4457',
    requires: 'A timer that ends with the first answer leaves every later one without a bound',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, ioTimeoutMs: 250 },
  faults: [{ kind: 'swallow', direction: 'downstream', at: { message: 1, byte: 0 } }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['only-the-first-message-has-a-deadline', 'no-deadline'],
});
