import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A download that ends inside a message is truncated, and keeps what came before',
  source: {
    passage: 'psf/requests#4956',
    requires: 'A body shorter than announced is an error; the whole messages before it stay delivered',
  },
  workload: 'download',
  params: { messages: 6, messageBytes: 500 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 4, inside: 'payload' } }],
  expect: [
    client.delivers(4),
    client.fails({ codes: ['truncated'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['eof-inside-a-message-delivered'],
});
