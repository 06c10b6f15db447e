import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A keepalive probe that is lost is sent again before the connection is given up',
  source: {
    passage: 'RFC 9293, 3.8.4',
    requires: 'That one probe was not answered must not be taken for a dead connection',
  },
  workload: 'idle',
  params: { durationMs: 3500, keepAlive: { idleMs: 1000, intervalMs: 1000, count: 3 } },
  // The first probe, after a second, is lost; the next one finds the line as it was.
  faults: [
    {
      kind: 'drop',
      role: 'client',
      direction: 'upstream',
      when: { on: 'event', role: 'client', event: 'connected' },
      forMs: 1500,
    },
  ],
  seen: [client.seen('connected')],
  expect: [client.completes(), server.completes()],
  kills: ['first-lost-probe-is-the-last'],
});
