import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'TCP_USER_TIMEOUT bounds how long data may go unacknowledged',
  source: {
    passage: 'RFC 5482, 1',
    requires: 'A program may say how long transmitted data may stay unacknowledged before the connection is closed',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 256, paceMs: 50, ioTimeoutMs: 0, userTimeoutMs: 500 },
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
      // Linux counts it from the first time that it sends again, which a busy host's round trips put off by a second or two.
      // Short clocks give up by themselves after three, which must not be taken for it.
      within: { from: fault(), atLeastMs: 450, atMostMs: 2500 },
    }),
  ],
  kills: ['user-timeout-not-set', 'failed-connection-left-open'],
});
