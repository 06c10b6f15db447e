import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message in a thousand pieces costs no more time on a core than its bytes',
  source: {
    passage: 'tulios/kafkajs#669',
    requires: 'Putting a message together costs as much as it has bytes, and not as much again for each piece of it',
  },
  workload: 'slow-reader',
  params: {
    content: 'zeros',
    messages: 1,
    messageBytes: 8_000_000,
    maxMessageBytes: 9_000_000,
    ioTimeoutMs: 8000,
    readPauseMs: 1000,
  },
  faults: [{ kind: 'fragment', direction: 'upstream', every: 4096, gapMs: 1 }],
  expect: [client.completes(), server.completes(), server.delivers(1), server.spendsAtMost(800)],
  kills: ['every-chunk-joined-to-all-before'],
});
