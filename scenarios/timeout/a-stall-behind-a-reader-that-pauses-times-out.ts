import { event, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message that stalls while its reader pauses times out once the reader reads on',
  source: {
    passage: 'CONTRACT, Deadlines',
    requires:
      'A message has its time from the first byte that is read: that nobody read before gives the rest of it no more',
  },
  workload: 'slow-reader',
  params: { messages: 4, messageBytes: 2000, readPauseMs: 300, ioTimeoutMs: 400 },
  faults: [{ kind: 'stall', direction: 'upstream', at: { message: 2, inside: 'payload' } }],
  expect: [
    server.delivers(2),
    server.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('server', 'received', 1), atLeastMs: 400, atMostMs: 550 },
    }),
  ],
  kills: ['no-deadline', 'half-the-deadline-kept'],
});
