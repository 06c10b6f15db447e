import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A peer that dies owing a reply is noticed before the reply is late',
  source: {
    passage: 'psycopg/psycopg2#1017',
    requires: 'The watch on the peer and the deadline of the reply run side by side: whichever is up first is told',
  },
  workload: 'echo',
  params: { messages: 4, messageBytes: 64, deadPeerMs: 400, ioTimeoutMs: 900 },
  faults: [{ kind: 'swallow', direction: 'downstream', at: { message: 2, byte: 0 } }],
  seen: [client.seen('received', 2)],
  expect: [
    client.delivers(2),
    client.fails({
      codes: ['dead-peer'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 2), atLeastMs: 400, atMostMs: 480 },
    }),
  ],
  kills: ['dead-peer-never-noticed', 'two-silences-waited-for'],
});
