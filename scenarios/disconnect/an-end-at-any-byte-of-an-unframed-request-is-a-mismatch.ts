import { client, ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const UPLOAD_BYTES = 24;

export const scenario = defineScenario({
  claim: 'An end at any byte of a request that only an end delimits is told by the digest of what came',
  source: {
    passage: 'urllib3/urllib3#311',
    requires: 'A server cannot see the cut: its answer names what it got, and the client has to compare',
  },
  workload: 'upload',
  params: { messageBytes: UPLOAD_BYTES, ioTimeoutMs: 3000, ...sweeping(UPLOAD_BYTES - 1) },
  faults: atEach(1, UPLOAD_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'upstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    server.delivers(1),
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
