import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A pause below the limit raises nothing: the connection goes on where it was',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: 'An outage shorter than the time to detect it heals without an error',
  },
  workload: 'idle',
  params: { heartbeatMs: 50, deadPeerMs: 1500, durationMs: 1800, ioTimeoutMs: 5000 },
  faults: [{ kind: 'hold', direction: 'both', at: { message: 2, byte: 0 }, forMs: 1250 }],
  seen: [client.seen('heard', 2)],
  expect: [client.completes(), server.completes()],
  kills: ['silence-cut-short'],
});
