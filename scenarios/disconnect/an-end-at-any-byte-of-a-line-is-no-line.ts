import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a line is no line',
  source: {
    passage: 'python/cpython#115997',
    requires: 'What has come of a line is not a line before its delimiter has come',
  },
  workload: 'echo',
  params: {
    framing: 'delimited',
    messages: 3,
    content: 'text',
    messageBytes: 12,
    ioTimeoutMs: 3000,
    ...sweeping(WIRE_BYTES),
  },
  faults: atEach(0, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    client.delivers(1),
    client.fails({ codes: ['truncated', 'closed'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['unfinished-line-delivered', 'last-line-returned-without-its-end'],
});
