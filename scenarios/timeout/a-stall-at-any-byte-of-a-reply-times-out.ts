import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 4 + 12;

export const scenario = defineScenario({
  claim: 'A stall at any byte of a reply times out: no byte of it counts as the last',
  source: {
    passage: 'tulios/kafkajs#1163',
    requires:
      'The deadline holds wherever the stream falls silent, before the header, in it, or before the very last byte',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 12, ioTimeoutMs: 400, ...sweeping(WIRE_BYTES) },
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
