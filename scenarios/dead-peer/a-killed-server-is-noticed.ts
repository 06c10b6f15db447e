import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A killed server is noticed at once, as an end or a reset',
  source: {
    passage: 'redis/redis-py#508',
    requires:
      'When a server is killed its kernel ends the connection: a client that waits in a receive is not left there',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 100, messageBytes: 64, paceMs: 20 },
  faults: [{ kind: 'kill', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 3 } }],
  seen: [client.seen('received', 3)],
  expect: [
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe', 'truncated'],
      within: { from: fault(), atLeastMs: 0, atMostMs: 300 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
