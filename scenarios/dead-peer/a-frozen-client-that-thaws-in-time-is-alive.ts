import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A frozen client that thaws in time is alive to its server',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A program that stood still for less than the limit has done nothing wrong, and nothing may be reported',
  },
  workload: 'idle',
  // Whoever is stopped inside a send must not meet the deadline of one operation.
  params: { heartbeatMs: 50, deadPeerMs: 1500, durationMs: 1800, ioTimeoutMs: 5000 },
  faults: [
    { kind: 'freeze', role: 'client', when: { on: 'event', role: 'server', event: 'heard', nth: 2 }, forMs: 1200 },
  ],
  seen: [server.seen('heard', 2)],
  expect: [client.completes(), server.completes()],
  kills: ['silence-cut-short'],
});
