import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Keepalive finds that nobody is there any more on a connection that has nothing to say',
  source: {
    passage: 'RFC 9293, 3.8.4',
    requires:
      'Where keepalive is asked for, a connection on which nothing comes is probed, and given up when no probe is answered',
  },
  workload: 'idle',
  params: { durationMs: 6000, keepAlive: { idleMs: 1000, intervalMs: 1000, count: 1 } },
  faults: [
    { kind: 'drop', role: 'client', direction: 'upstream', when: { on: 'event', role: 'client', event: 'connected' } },
  ],
  seen: [client.seen('connected')],
  expect: [
    client.fails({ codes: ['timeout'], ops: ['recv'], within: { from: fault(), atLeastMs: 1500, atMostMs: 4000 } }),
  ],
  kills: ['keep-alive-not-set', 'failed-connection-never-closed'],
});
