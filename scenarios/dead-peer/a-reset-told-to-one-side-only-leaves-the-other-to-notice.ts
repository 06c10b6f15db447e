import { client, fault, lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connection that one side has lost and the other believes in is noticed by the silence',
  source: {
    passage: 'RFC 9293, 3.5.1',
    requires:
      'A connection is half-open when one end has aborted it without the other knowing; the other must find out',
  },
  workload: 'idle',
  params: { heartbeatMs: 100, deadPeerMs: 600, durationMs: 3000 },
  faults: [
    {
      kind: 'kill-socket',
      role: 'client',
      peerTold: false,
      when: { on: 'event', role: 'server', event: 'heard', nth: 3 },
    },
  ],
  seen: [server.seen('heard', 3)],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 500 } }),
    server.fails({ codes: ['dead-peer'], within: { from: lastByte('upstream'), atLeastMs: 600, atMostMs: 720 } }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for'],
});
