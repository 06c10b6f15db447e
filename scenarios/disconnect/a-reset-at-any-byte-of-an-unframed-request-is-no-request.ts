import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const UPLOAD_BYTES = 24;

export const scenario = defineScenario({
  claim: 'A reset at any byte of a request that only an end delimits is no end: a server has no request',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'A reset is not the end that delimits a message: what came before it is none',
  },
  workload: 'upload',
  params: { messageBytes: UPLOAD_BYTES, ioTimeoutMs: 3000, ...sweeping(UPLOAD_BYTES) },
  faults: atEach(0, UPLOAD_BYTES - 1, (byte, own) => ({
    kind: 'reset',
    direction: 'upstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    server.delivers(0),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-counted-as-an-end'],
});
