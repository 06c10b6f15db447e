import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message cut by FIN is truncated, not delivered',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      'A recv of 0 bytes means that the connection is over; inside a message that is an error, never a short message',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 4, messageBytes: 1024 },
  faults: [{ kind: 'fin', direction: 'downstream', at: { message: 2, inside: 'payload' } }],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(2),
    client.fails({ codes: ['truncated'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['eof-inside-a-message-delivered'],
});
