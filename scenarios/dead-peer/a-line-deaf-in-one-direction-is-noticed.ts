import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A line on which nothing can be heard any more is noticed, although what is said still arrives',
  source: {
    passage: 'hivemq/hivemq-mqtt-client-dotnet#357',
    requires: 'That the own heartbeats go out says nothing: those of the peer must come',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 400, durationMs: 3000 },
  faults: [
    {
      kind: 'drop',
      role: 'client',
      direction: 'downstream',
      when: { on: 'event', role: 'client', event: 'heard', nth: 2 },
    },
  ],
  seen: [client.seen('heard', 2)],
  expect: [client.fails({ codes: ['dead-peer'], within: { from: fault(), atLeastMs: 300, atMostMs: 700 } })],
  kills: ['dead-peer-never-noticed', 'heartbeats-sent-and-not-awaited'],
});
