import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A download to a reader that pauses arrives whole: nothing of it is dropped on the way',
  source: {
    passage: 'moby/spdystream#111',
    requires: 'What was accepted for sending is delivered, however late it is taken, and closing drops none of it',
  },
  workload: 'download',
  params: { content: 'zeros', messages: 130, messageBytes: 50_000, paceMs: 1, ioTimeoutMs: 2500 },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 1, byte: 0 }, forMs: 900 }],
  expect: [client.completes(), server.completes(), client.delivers(130)],
  kills: ['full-window-taken-for-sent', 'send-result-not-looked-at', 'queue-dropped-at-close'],
});
