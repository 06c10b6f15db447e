import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A kernel that gives up what nobody acknowledges is told as a timeout',
  source: {
    passage: 'RFC 9293, 3.8.3',
    requires: 'The kernel gives a connection up after retransmitting for long enough, and the user is told so',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 256, paceMs: 50, ioTimeoutMs: 0 },
  kernel: 'fast',
  faults: [
    {
      kind: 'drop',
      role: 'client',
      direction: 'upstream',
      when: { on: 'event', role: 'client', event: 'received', nth: 3 },
    },
  ],
  seen: [client.seen('received', 3)],
  expect: [
    client.fails({
      codes: ['timeout'],
      ops: ['recv', 'send'],
      within: { from: fault(), atLeastMs: 2500, atMostMs: 8000 },
    }),
  ],
  kills: ['zero-taken-for-a-default-deadline', 'failed-connection-never-closed'],
});
