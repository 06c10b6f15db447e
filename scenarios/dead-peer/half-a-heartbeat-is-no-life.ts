import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Half a heartbeat is no life: what follows it never comes',
  source: {
    passage: 'hivemq/hivemq-mqtt-client-dotnet#357',
    requires:
      'Only what arrives counts, and it counts from when it arrived: the silence after it is measured all the same',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 3000 },
  faults: [{ kind: 'swallow', direction: 'downstream', at: { message: 2, byte: 2 } }],
  seen: [client.seen('heard', 2)],
  expect: [
    client.fails({ codes: ['dead-peer'], within: { from: lastByte('downstream'), atLeastMs: 400, atMostMs: 480 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for'],
});
