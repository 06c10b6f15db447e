import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server does not wait for ever for the rest of a message',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires: 'Whoever begins a message must finish it within its time, or the server lets go',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 256, ioTimeoutMs: 250 },
  faults: [{ kind: 'hold', direction: 'upstream', at: { message: 1, inside: 'payload' } }],
  seen: [server.seen('received')],
  expect: [
    server.delivers(1),
    server.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['no-deadline'],
});
