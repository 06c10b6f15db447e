import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const REPLY_BYTES = 10_000_000;

export const scenario = defineScenario({
  claim: 'Ten megabytes still come after the own end, and all of them',
  source: {
    passage: 'envoyproxy/envoy#2067',
    requires: 'An end of one direction leaves the other as it was, for as long as the answer takes',
  },
  workload: 'upload',
  params: { messageBytes: 3000, maxMessageBytes: 16_777_216, ioTimeoutMs: 4000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take-end' },
        { do: 'payload', seq: 0, text: '0123456789', times: REPLY_BYTES / 10 },
        { do: 'end' },
      ],
    },
  ],
  expect: [
    client.delivers(1),
    // The reply due is a digest of 64 digits: this one is told as wrong, once all of it has come.
    client.fails({
      codes: ['mismatch'],
      ops: ['recv'],
      within: { from: event('client', 'received', 0), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['first-read-taken-for-the-whole'],
});
