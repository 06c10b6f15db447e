import { server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const MESSAGES = 6;

export const scenario = defineScenario({
  claim: 'What came together with the end is still answered',
  source: {
    passage: 'RFC 9293, 3.6',
    requires: 'A side that has said its last goes on receiving: who hears it owes every answer all the same',
  },
  workload: 'pipeline',
  params: { messages: MESSAGES, messageBytes: 64, paceMs: 60, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'client',
      polite: true,
      steps: [
        { do: 'message', seq: 0, count: MESSAGES },
        { do: 'end' },
        { do: 'take', seq: 0, count: MESSAGES },
        { do: 'take-end' },
      ],
      provedBy: 1,
    },
  ],
  expect: [server.completes()],
  kills: ['rest-of-a-read-dropped', 'one-message-a-read', 'buffer-cleared-after-a-message'],
});
