import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A port that ICMP says nobody listens on is told as refused, long before the deadline',
  source: {
    passage: 'RFC 9293, 3.9.2.2',
    requires: 'Where ICMP says that there is no such port or protocol the attempt is given up, and that is told',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 6000, connections: 2 },
  faults: [{ kind: 'reject', icmp: 'port-unreachable' }],
  expect: [
    client.fails({
      codes: ['refused'],
      ops: ['connect'],
      // The kernel may ask once more, after a second, before it believes it.
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['refusal-told-as-a-timeout'],
});
