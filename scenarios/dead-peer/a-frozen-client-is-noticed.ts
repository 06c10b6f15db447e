import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A frozen client is noticed by its server',
  source: {
    passage: 'redis/ioredis#1318',
    requires: 'A server that waits for a client which stands still must let go of it in time',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 1500 },
  faults: [
    { kind: 'freeze', role: 'client', when: { on: 'event', role: 'server', event: 'heard', nth: 2 }, forMs: 900 },
  ],
  seen: [server.seen('heard', 2)],
  expect: [
    server.fails({ codes: ['dead-peer'], within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for', 'own-heartbeats-taken-for-life'],
});
