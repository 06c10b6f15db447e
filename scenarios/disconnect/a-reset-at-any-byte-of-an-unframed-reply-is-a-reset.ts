import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** The reply of an upload: a digest in hexadecimal. */
const REPLY_BYTES = 64;

export const scenario = defineScenario({
  claim: 'A reset at any byte of a reply that only an end delimits is a reset, and no end',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset is not the end that delimits a message: what came before it is none',
  },
  workload: 'upload',
  params: { messageBytes: 100, ioTimeoutMs: 3000, ...sweeping(REPLY_BYTES - 1) },
  faults: atEach(1, REPLY_BYTES - 1, (byte, own) => ({
    kind: 'reset',
    direction: 'downstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    client.delivers(0),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-counted-as-an-end'],
});
