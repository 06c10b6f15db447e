import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 1 + 16;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a typed request is no request',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'The type fixes the length, and a client that ends before it is reached has sent no message',
  },
  workload: 'echo',
  params: { framing: 'typed', messages: 4, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'upstream',
    at: { message: 3, byte },
    ...own,
  })),
  expect: [
    server.delivers(3),
    server.fails({
      codes: ['truncated'],
      ops: ['recv'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['short-record-delivered'],
});
