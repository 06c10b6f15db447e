import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 5 + 10;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a digit-prefixed request is no request',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A client that ends inside the digits or what they announce has sent no message, and its server says so',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 2, messageBytes: 10, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES - 1) },
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
  kills: ['end-inside-a-header-taken-for-a-clean-end'],
});
