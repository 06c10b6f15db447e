import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const MESSAGES = 8;

export const scenario = defineScenario({
  claim: 'A pipeline that is cut after any number of replies keeps those before and reports the rest',
  source: {
    passage: 'redis/ioredis#800',
    requires:
      'Each reply belongs to the request that caused it; a cut leaves the others unanswered, never answered by another',
  },
  workload: 'pipeline',
  params: { messages: MESSAGES, messageBytes: 48, paceMs: 10, ioTimeoutMs: 3000, ...sweeping(MESSAGES) },
  faults: atEach(0, MESSAGES - 1, (message, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message, byte: 0 },
    ...own,
  })),
  expect: [
    client.delivers(0, MESSAGES - 1),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
