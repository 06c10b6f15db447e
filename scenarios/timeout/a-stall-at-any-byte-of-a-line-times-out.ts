import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'A stall at any byte of a line times out',
  source: {
    passage: 'tulios/kafkajs#1163',
    requires:
      'The deadline holds wherever the stream falls silent, before a message, in it, or before its very last byte',
  },
  workload: 'echo',
  params: {
    framing: 'delimited',
    messages: 3,
    content: 'text',
    messageBytes: 12,
    ioTimeoutMs: 400,
    ...sweeping(WIRE_BYTES),
  },
  faults: atEach(0, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'hold',
    direction: 'downstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 1), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['deadline-cleared-at-the-first-byte', 'only-the-first-message-has-a-deadline'],
});
