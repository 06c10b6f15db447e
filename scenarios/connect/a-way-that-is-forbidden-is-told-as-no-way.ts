import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A way that a filter says is forbidden is told as unreachable, long before the deadline',
  source: {
    passage: 'RFC 9293, 3.9.2.2',
    requires: 'What ICMP says of a way that there is not is made known to the program, which is otherwise left to wait',
  },
  workload: 'connect',
  params: { connectTimeoutMs: 6000, connections: 2 },
  faults: [{ kind: 'reject', icmp: 'admin-prohibited' }],
  expect: [
    client.fails({
      codes: ['unreachable'],
      ops: ['connect'],
      // The kernel may ask once more, after a second, before it believes it.
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['refusal-told-as-a-timeout'],
});
