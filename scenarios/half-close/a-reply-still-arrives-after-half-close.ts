import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reply still arrives after half-close: done sending is not done receiving',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires:
      'shutdown(1) says that this side is done sending and can still receive; the other side answers after its end',
  },
  basic: true,
  workload: 'upload',
  params: { messageBytes: 50_000, ioTimeoutMs: 700 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 400 }],
  seen: [server.seen('received')],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept', 'both-directions-closed-at-one-end'],
});
