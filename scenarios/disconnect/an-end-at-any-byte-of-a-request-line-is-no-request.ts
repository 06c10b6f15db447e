import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a request line is no request',
  source: {
    passage: 'python/cpython#115997',
    requires: 'What has come of a line is not a line before its delimiter has come, whoever waits for it',
  },
  workload: 'echo',
  params: {
    framing: 'delimited',
    messages: 2,
    content: 'text',
    messageBytes: 12,
    ioTimeoutMs: 3000,
    ...sweeping(WIRE_BYTES - 1),
  },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'upstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    server.delivers(1),
    server.fails({
      codes: ['truncated'],
      ops: ['recv'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['unfinished-line-delivered', 'last-line-returned-without-its-end'],
});
