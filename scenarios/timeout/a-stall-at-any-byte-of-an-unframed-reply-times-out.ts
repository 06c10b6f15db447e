import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** The reply of an upload: a digest in hexadecimal. */
const REPLY_BYTES = 64;

export const scenario = defineScenario({
  claim: 'A stall at any byte of a reply that only an end delimits times out',
  source: {
    passage: 'sindresorhus/got#933',
    requires: 'What has come before the stream fell silent is not the reply, be it all of its bytes but the end',
  },
  workload: 'upload',
  params: { messageBytes: 100, ioTimeoutMs: 400, ...sweeping(REPLY_BYTES) },
  faults: atEach(0, REPLY_BYTES - 1, (byte, own) => ({
    kind: 'hold',
    direction: 'downstream',
    at: { message: 0, byte },
    ...own,
  })),
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'shutdown'), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['no-deadline'],
});
