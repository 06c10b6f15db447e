import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Data that nobody acknowledges times out by the deadline, while the kernel still believes in it',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'The kernel sends again for a quarter of an hour; how long a program waits is for the program to bound',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 256, paceMs: 50, ioTimeoutMs: 700 },
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
      ops: ['recv'],
      within: { from: fault(), atLeastMs: 700, atMostMs: 900 },
    }),
  ],
  kills: ['no-deadline', 'half-the-deadline-kept'],
});
