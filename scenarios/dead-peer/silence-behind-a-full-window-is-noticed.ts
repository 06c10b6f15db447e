import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Silence behind a full window is noticed by the deadline of the message that cannot be handed over',
  source: {
    passage: 'RFC 9293, 3.8.6.1',
    requires:
      'A sender goes on probing a window that is shut, and nothing says how long for: what ends the waiting is for the program to bound',
  },
  workload: 'slow-reader',
  params: {
    content: 'zeros',
    messages: 1,
    messageBytes: 33_554_432,
    maxMessageBytes: 33_554_432,
    // With time enough to take it all before the deadline, where nothing is dropped.
    readPauseMs: 1200,
    ioTimeoutMs: 2500,
  },
  // The window is shut by then; that it opens again while there is still time, nobody can make use of.
  faults: [
    {
      kind: 'drop',
      role: 'client',
      direction: 'upstream',
      when: { on: 'event', role: 'client', event: 'sending', afterMs: 400 },
    },
  ],
  seen: [client.seen('connected')],
  expect: [
    client.fails({
      codes: ['timeout'],
      ops: ['send'],
      within: { from: event('client', 'sending', 0), atLeastMs: 2500, atMostMs: 2800 },
    }),
  ],
  kills: ['no-deadline'],
});
