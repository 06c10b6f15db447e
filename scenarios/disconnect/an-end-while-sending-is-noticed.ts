import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An end that comes while this side is still sending is noticed',
  source: {
    passage: 'nodejs/node#40691',
    requires:
      'Sending goes on after the other side has ended, so the end must be read for while there is something to send',
  },
  workload: 'pipeline',
  params: { messages: 30, messageBytes: 64, paceMs: 20 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 4, byte: 0 } }],
  seen: [client.seen('received', 3)],
  expect: [
    client.delivers(4),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      within: { from: fault(), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
