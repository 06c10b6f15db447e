import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'A reset at any byte of a request line is a reset at the server, and no request',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset aborts the connection wherever it comes, and its users are told so',
  },
  workload: 'echo',
  params: {
    framing: 'delimited',
    messages: 2,
    content: 'text',
    messageBytes: 12,
    ioTimeoutMs: 3000,
    ...sweeping(WIRE_BYTES),
  },
  faults: atEach(0, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'reset',
    direction: 'upstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    server.delivers(1),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-counted-as-an-end'],
});
