import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'A reset at any byte of a line is a reset, and never a line',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset aborts the connection wherever it comes, and its users are told so',
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
    kind: 'reset',
    direction: 'downstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    client.delivers(1),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-counted-as-an-end'],
});
