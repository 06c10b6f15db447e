import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A reply slower than the deadline times out, neither early nor late',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: "A blocking read waits for as long as TCP does; the bound on waiting is the program's to set and to keep",
  },
  basic: true,
  workload: 'echo',
  params: { messages: 2, messageBytes: 256, ioTimeoutMs: 250 },
  faults: [{ kind: 'latency', direction: 'downstream', latencyMs: 600 }],
  seen: [client.seen('sent')],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['no-deadline'],
});
