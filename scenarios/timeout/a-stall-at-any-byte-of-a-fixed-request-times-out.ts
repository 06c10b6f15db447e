import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 14;

export const scenario = defineScenario({
  claim: 'A stall at any byte of a request of fixed length times out at the server',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires:
      'Whoever begins a message must finish it within its time, wherever it falls silent, or the server lets go',
  },
  workload: 'echo',
  params: { framing: 'fixed', messages: 2, messageBytes: 14, ioTimeoutMs: 400, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'hold',
    direction: 'upstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    server.delivers(1),
    server.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['no-deadline', 'only-the-first-message-has-a-deadline'],
});
