import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A sender that is not read for a while gathers no more than it must, and goes on where it stopped',
  source: {
    passage: 'nodejs/node#9254',
    requires: 'What the peer does not take is held back at its source: memory does not grow with what waits to be sent',
  },
  workload: 'download',
  params: {
    content: 'zeros',
    messages: 128,
    messageBytes: 1_048_576,
    maxMessageBytes: 2_000_000,
    ioTimeoutMs: 4000,
  },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 1, byte: 0 }, forMs: 400 }],
  expect: [client.completes(), server.completes(), client.delivers(128), server.growsAtMost(96)],
  kills: ['everything-gathered-before-it-is-sent'],
});
