import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A burst after a silence is told apart, message by message',
  source: {
    passage: 'websockets/ws#992',
    requires:
      'Any number of messages may come in one chunk: each is delivered, in order, and none waits for the next read',
  },
  workload: 'pipeline',
  params: { messages: 8, messageBytes: 32, paceMs: 40 },
  faults: [{ kind: 'hold', direction: 'both', at: { message: 2, byte: 0 }, forMs: 300 }],
  seen: [client.seen('received')],
  expect: [client.completes(), server.completes()],
  kills: ['rest-of-a-read-dropped', 'one-message-a-read', 'buffer-cleared-after-a-message'],
});
