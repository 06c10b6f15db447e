import { lastByte, server } from '../../harness/scenario/expectation.ts';
import { politeClient } from '../../harness/scenario/polite.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const MESSAGES = 3;

export const scenario = defineScenario({
  claim: 'A client of another protocol is refused, and the others are served as before',
  source: {
    passage: 'TooTallNate/Java-WebSocket#1507',
    requires: 'Text where a length is due announces a gigabyte: it ends that connection and no other',
  },
  workload: 'echo',
  params: { messages: MESSAGES, messageBytes: 64, connections: 3, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'client',
      connections: [2],
      steps: [{ do: 'send', text: 'GET / HTTP/1.1\r\nHost: example.org\r\n\r\n' }],
    },
    politeClient(MESSAGES, [1, 3]),
  ],
  expect: [
    server.completes(),
    server.fails({
      codes: ['too-large'],
      ops: ['recv'],
      within: { from: lastByte('upstream'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['announced-length-trusted', 'size-taken-on-trust'],
});
