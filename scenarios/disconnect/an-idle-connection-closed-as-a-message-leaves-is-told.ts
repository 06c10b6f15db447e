import { client, event } from '../../harness/scenario/expectation.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

/** The server closes so many milliseconds after its reply; the next message leaves after `PACE_MS`. */
const FIRST_MS = 20;
const LAST_MS = 40;
const PACE_MS = 30;

export const scenario = defineScenario({
  claim: 'A connection that is closed just as a message leaves is told, whichever comes first',
  source: {
    passage: 'nodejs/undici#3492',
    requires:
      'A server may close an idle connection while the next request is on its way: that request was not answered',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, paceMs: PACE_MS, ioTimeoutMs: 10_000, ...sweeping(LAST_MS - FIRST_MS + 1) },
  faults: atEach(FIRST_MS, LAST_MS, (ms, own) => ({
    kind: 'script',
    role: 'server',
    steps: [{ do: 'take', seq: 0 }, { do: 'reply', of: 0 }, { do: 'pause', ms }, { do: 'close' }],
    ...own,
  })),
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      // The proxy hands a reset on once what came before it has arrived.
      within: { from: event('client', 'received', 0), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
