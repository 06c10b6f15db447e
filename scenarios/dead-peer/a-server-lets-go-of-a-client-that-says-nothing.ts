import { event, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server lets go of a client that says nothing any more',
  source: {
    passage: 'celery/celery#2606',
    requires:
      'Between messages a server waits only as long as it was told to: a client that went away is noticed by its silence',
  },
  workload: 'echo',
  params: { messages: 4, messageBytes: 64, deadPeerMs: 300, ioTimeoutMs: 800 },
  faults: [{ kind: 'swallow', direction: 'upstream', at: { message: 2, byte: 0 } }],
  seen: [server.seen('received', 2)],
  expect: [
    server.delivers(2),
    server.fails({
      codes: ['dead-peer'],
      ops: ['recv'],
      within: { from: event('server', 'sent', 1), atLeastMs: 300, atMostMs: 360 },
    }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for'],
});
