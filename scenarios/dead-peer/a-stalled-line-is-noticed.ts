import { client, lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A stalled line is noticed from both ends of it',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'The connection stands and no error comes: each side must itself notice that it hears nothing',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 3000 },
  faults: [
    { kind: 'stall', direction: 'downstream', at: { message: 2, byte: 0 } },
    { kind: 'stall', direction: 'upstream', at: { message: 2, byte: 0 } },
  ],
  seen: [client.seen('heard', 2), server.seen('heard', 2)],
  expect: [
    client.fails({ codes: ['dead-peer'], within: { from: lastByte('downstream'), atLeastMs: 400, atMostMs: 480 } }),
    server.fails({ codes: ['dead-peer'], within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for', 'own-heartbeats-taken-for-life'],
});
