import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server told to end finishes the message under way and closes who is between messages',
  source: {
    passage: 'CONTRACT, Input',
    requires: 'Ending drops nobody in the middle of a message, and waits for nobody who is at rest',
  },
  workload: 'echo',
  // The second connection is at rest when the server is told; of the first one's only half a message has come by then.
  params: { messages: 8, messageBytes: 100, paceMs: 150, connections: 2, ioTimeoutMs: 3000 },
  faults: [
    { kind: 'fragment', direction: 'upstream', at: [{ message: 0, byte: 50 }], gapMs: 500, connections: [1] },
    { kind: 'stop', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 2 } },
  ],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(1, 3),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      within: { from: fault(1), atLeastMs: 0, atMostMs: 900 },
    }),
  ],
  kills: ['gone-at-once-when-told-to-end', 'told-to-end-and-goes-on-serving'],
});
