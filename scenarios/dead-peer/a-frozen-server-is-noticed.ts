import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A frozen server is noticed, although its kernel still acknowledges every byte',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A peer that hangs leaves the connection standing; only a watch in the program itself can tell',
  },
  basic: true,
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 3000 },
  faults: [{ kind: 'freeze', role: 'server', when: { on: 'event', role: 'client', event: 'heard', nth: 2 } }],
  seen: [client.seen('heard', 2)],
  expect: [
    client.fails({ codes: ['dead-peer'], within: { from: lastByte('downstream'), atLeastMs: 400, atMostMs: 480 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for', 'own-heartbeats-taken-for-life'],
});
