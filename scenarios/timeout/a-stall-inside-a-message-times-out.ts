import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A stall inside a message times out: a good beginning is no reason to wait for ever',
  source: {
    passage: 'openai/openai-node#1825',
    requires: 'The deadline of a message runs to its last byte; its header ends nothing',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 256, ioTimeoutMs: 250 },
  faults: [{ kind: 'hold', direction: 'downstream', at: { message: 1, inside: 'payload' } }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['deadline-cleared-at-the-first-byte', 'no-deadline', 'only-the-first-message-has-a-deadline'],
});
