import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server that is cut off its network is noticed, though no kernel says a word',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires: 'A peer that goes away without a word leaves a connection that only silence tells of',
  },
  workload: 'idle',
  params: { heartbeatMs: 100, deadPeerMs: 600, durationMs: 4000 },
  faults: [{ kind: 'cut', role: 'server', when: { on: 'event', role: 'client', event: 'heard', nth: 2 } }],
  seen: [client.seen('heard', 2)],
  expect: [
    client.fails({ codes: ['dead-peer'], within: { from: lastByte('downstream'), atLeastMs: 600, atMostMs: 720 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for', 'own-heartbeats-taken-for-life'],
});
