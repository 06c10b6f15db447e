import { client, fault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An upload that is reset on its way is delivered by nobody and answered by nobody',
  source: {
    passage: 'RFC 9293, 3.10.7.4',
    requires: 'Only an end completes a message that ends with the stream; a reset never does',
  },
  workload: 'upload',
  // More than a kernel keeps for a server that has not come to the connection yet: it has begun to read by then.
  params: { messageBytes: 1_500_000, maxMessageBytes: 2_000_000 },
  faults: [{ kind: 'reset', direction: 'upstream', at: { message: 0, byte: 1_000_000 } }],
  expect: [
    server.delivers(0),
    server.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
    client.delivers(0),
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['reset-told-as-an-end', 'reset-crashes-the-process'],
});
