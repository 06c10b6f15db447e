import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A length that lies is refused before anything of it is read',
  source: {
    passage: 'TooTallNate/Java-WebSocket#1507',
    requires: 'A header that announces two gigabytes is an error at once; nothing is allocated or waited for',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 1, byte: 0 }, xor: 0x80 }],
  seen: [client.seen('received')],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['too-large'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['announced-length-trusted', 'size-taken-on-trust'],
});
