import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** The reply of an upload: a digest in hexadecimal. */
const REPLY_BYTES = 64;

export const scenario = defineScenario({
  claim: 'An end at any byte of a reply that only an end delimits is told as a mismatch',
  source: {
    passage: 'urllib3/urllib3#311',
    requires:
      'Where the end of the stream ends the message, a cut one looks whole: it has to be compared with what is due',
  },
  workload: 'upload',
  params: { messageBytes: 100, ioTimeoutMs: 3000, ...sweeping(REPLY_BYTES - 1) },
  faults: atEach(1, REPLY_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['any-reply-taken-for-the-right-one', 'reply-not-compared'],
});
