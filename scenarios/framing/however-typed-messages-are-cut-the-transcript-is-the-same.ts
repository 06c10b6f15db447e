import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { sweeping } from '../../harness/scenario/sweep.ts';

const WAYS = 32;

export const scenario = defineScenario({
  claim: 'However typed messages are cut, joined and delayed, the transcript is the same',
  source: {
    passage: 'envoyproxy/envoy#6696',
    requires: 'TCP keeps the order of bytes and nothing else: what was one write may come in any pieces, at any time',
  },
  workload: 'echo',
  params: { framing: 'typed', messages: 5, paceMs: 15, ioTimeoutMs: 3000, ...sweeping(WAYS) },
  faults: [{ kind: 'recut', ways: WAYS, atMostMs: 300 }],
  expect: [client.alike(), server.alike(), client.completes(), server.completes()],
  kills: ['type-and-payload-taken-from-one-recv'],
});
