import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A host that goes without a word is noticed by the deadline of the reply it owes',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A host that comes down hard closes nothing: without a bound of its own the program hangs',
  },
  workload: 'echo',
  params: { messages: 40, messageBytes: 256, paceMs: 50, ioTimeoutMs: 500 },
  faults: [{ kind: 'restart', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 3 } }],
  seen: [client.seen('received', 3)],
  expect: [client.fails({ codes: ['timeout'], within: { from: fault(), atLeastMs: 400, atMostMs: 1500 } })],
  kills: ['no-deadline'],
});
