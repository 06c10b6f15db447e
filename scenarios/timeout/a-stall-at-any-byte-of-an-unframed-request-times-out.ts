import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const UPLOAD_BYTES = 24;

export const scenario = defineScenario({
  claim: 'A stall at any byte of a request that only an end delimits times out at the server',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires:
      'What has come before the stream fell silent is not the request, and the server waits no longer for its end',
  },
  workload: 'upload',
  params: { messageBytes: UPLOAD_BYTES, ioTimeoutMs: 400, ...sweeping(UPLOAD_BYTES - 1) },
  faults: atEach(1, UPLOAD_BYTES - 1, (byte, own) => ({
    kind: 'hold',
    direction: 'upstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    server.delivers(0),
    server.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['no-deadline'],
});
