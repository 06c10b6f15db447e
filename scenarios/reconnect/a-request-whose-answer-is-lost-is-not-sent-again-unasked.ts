import { client, event, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A request whose answer is lost is told as a timeout, and not sent again where nobody asked for that',
  source: {
    passage: 'confluentinc/librdkafka#1476',
    requires: 'A request that was given up may have been carried out: sending it again by itself does the work twice',
  },
  workload: 'echo',
  params: { messages: 5, messageBytes: 128, ioTimeoutMs: 400 },
  faults: [{ kind: 'swallow', direction: 'downstream', at: { message: 2, byte: 0 } }],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(2),
    server.delivers(3),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 2), atLeastMs: 400, atMostMs: 550 },
    }),
  ],
  kills: ['request-sent-again-unasked', 'no-deadline', 'half-the-deadline-kept'],
});
