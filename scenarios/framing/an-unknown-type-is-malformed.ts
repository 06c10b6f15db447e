import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An unknown type is malformed: its length cannot be guessed',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'The type determines the length, so a type nobody knows leaves nothing to be read',
  },
  workload: 'echo',
  params: { framing: 'typed', messages: 3 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 1, byte: 0 }, xor: 0x40 }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['malformed'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['unknown-type-taken-for-the-first'],
});
