import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server whose whole container is killed is noticed, and nothing more is taken for its answer',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires:
      'Where the other end is gone with its whole machine there may be an end, a reset or nothing at all, and none is an answer',
  },
  workload: 'reconnect',
  params: { messages: 100, messageBytes: 64, paceMs: 20, retries: 3, backoffMs: 40, ioTimeoutMs: 500 },
  faults: [
    { kind: 'kill-container', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 3 } },
  ],
  seen: [client.seen('received', 3)],
  expect: [
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe', 'truncated', 'timeout'],
      within: { from: fault(), atLeastMs: 0, atMostMs: 800 },
    }),
  ],
  kills: ['retried-without-end'],
});
