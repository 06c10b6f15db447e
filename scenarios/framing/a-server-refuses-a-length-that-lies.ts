import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server refuses a length that lies, and serves the others',
  source: {
    passage: 'TooTallNate/Java-WebSocket#1507',
    requires: 'What a stranger announces is no reason to wait or to allocate, and no other connection may feel it',
  },
  workload: 'echo',
  params: { messages: 5, messageBytes: 64, connections: 4 },
  faults: [{ kind: 'corrupt', direction: 'upstream', at: { message: 1, byte: 0 }, xor: 0x80, connections: [2] }],
  expect: [
    server.fails({ codes: ['too-large'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
    client.completes(),
  ],
  kills: ['announced-length-trusted'],
});
