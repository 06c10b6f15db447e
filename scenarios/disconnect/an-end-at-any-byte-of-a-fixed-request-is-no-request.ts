import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 14;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a request of fixed length is no request',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A receive of 0 bytes before the fixed length is reached is a broken connection, at a server as well',
  },
  workload: 'echo',
  params: { framing: 'fixed', messages: 2, messageBytes: 14, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES - 1) },
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
  kills: ['short-record-delivered'],
});
