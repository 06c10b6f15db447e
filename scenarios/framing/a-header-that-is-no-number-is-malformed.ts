import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A header that is no number is malformed, not a guess',
  source: {
    passage: 'CONTRACT, Framing, on the wire',
    requires: 'A length in digits consists of digits; anything else is no message',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 3, messageBytes: 64 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 1, byte: 2 }, xor: 0x40 }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['malformed'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['digits-read-leniently'],
});
