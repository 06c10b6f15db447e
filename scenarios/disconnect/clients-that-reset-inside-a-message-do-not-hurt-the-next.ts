import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { politeClient } from '../../harness/scenario/polite.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach } from '../../harness/scenario/sweep.ts';

/** The reset comes so many milliseconds after the beginning of a message. */
const LAST_MS = 30;
const RESETS = LAST_MS + 1;
const MESSAGES = 3;

export const scenario = defineScenario({
  claim: 'Clients that reset inside a message, sooner or later, do not hurt the next one',
  source: {
    passage: 'statsd/statsd#591',
    requires: 'A reset of one connection is told of that connection; the server goes on with the others',
  },
  workload: 'echo',
  params: {
    messages: MESSAGES,
    messageBytes: 64,
    connections: RESETS + 1,
    concurrency: RESETS + 1,
    ioTimeoutMs: 10_000,
  },
  faults: [
    ...atEach(0, LAST_MS, (ms, own) => ({
      kind: 'script',
      role: 'client',
      steps: [
        { do: 'message', seq: 0 },
        { do: 'take', seq: 0 },
        { do: 'message', seq: 1, to: 2 },
        { do: 'pause', ms },
        { do: 'reset' },
      ],
      ...own,
    })),
    politeClient(MESSAGES, [RESETS + 1], LAST_MS),
  ],
  expect: [
    server.completes(),
    server.fails({
      codes: ['reset', 'broken-pipe'],
      // The proxy hands a reset on once what came before it has arrived.
      within: { from: lastByte('upstream'), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['reset-crashes-the-process', 'reset-told-as-an-end', 'reset-counted-as-an-end'],
});
