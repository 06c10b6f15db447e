import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const WIRE_BYTES = 4 + 12;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a request is no request: a server answers none of it',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A client that ends inside a header or a payload has sent no message, and its server says so',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 12, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'script',
    role: 'client',
    steps: [{ do: 'message', seq: 0 }, { do: 'take', seq: 0 }, { do: 'message', seq: 1, to: byte }, { do: 'end' }],
    ...own,
  })),
  expect: [
    server.delivers(1),
    server.fails({
      codes: ['truncated'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['eof-inside-a-message-delivered', 'end-inside-a-header-taken-for-a-clean-end'],
});
