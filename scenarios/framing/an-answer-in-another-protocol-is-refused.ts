import { client, lastByte } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An answer in another protocol is refused by its first bytes',
  source: {
    passage: 'TooTallNate/Java-WebSocket#1507',
    requires: 'Four bytes of text read as a length are a gigabyte: that is an error at once, and nothing to wait for',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 64, ioTimeoutMs: 2000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      steps: [
        { do: 'take', seq: 0 },
        { do: 'send', text: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n' },
      ],
    },
  ],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['too-large'],
      ops: ['recv'],
      within: { from: lastByte('downstream'), atLeastMs: 0, atMostMs: 200 },
    }),
  ],
  kills: ['announced-length-trusted', 'size-taken-on-trust'],
});
