import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server notices a silent client in time, and not before its time',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A peer that comes down hard says nothing: without a watch of its own the program waits for ever',
  },
  basic: true,
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 3000 },
  faults: [{ kind: 'swallow', direction: 'upstream', at: { message: 2, byte: 0 } }],
  seen: [server.seen('heard', 2)],
  expect: [
    server.fails({ codes: ['dead-peer'], within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for', 'own-heartbeats-taken-for-life'],
});
