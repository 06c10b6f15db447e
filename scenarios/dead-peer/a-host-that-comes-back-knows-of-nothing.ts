import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A host that went without a word and comes back resets what it does not know',
  source: {
    passage: 'RFC 9293, 3.5.1',
    requires:
      'A host that lost its memory answers an old connection with a reset, and the other end must take it for one',
  },
  workload: 'echo',
  params: { messages: 40, messageBytes: 256, paceMs: 50, ioTimeoutMs: 8000 },
  faults: [
    { kind: 'restart', role: 'server', when: { on: 'event', role: 'client', event: 'received', nth: 3 }, forMs: 300 },
  ],
  seen: [client.seen('received', 3)],
  expect: [
    client.fails({ codes: ['reset', 'broken-pipe'], within: { from: fault(), atLeastMs: 300, atMostMs: 6000 } }),
  ],
  kills: ['reset-told-as-an-end', 'failed-connection-never-closed'],
});
