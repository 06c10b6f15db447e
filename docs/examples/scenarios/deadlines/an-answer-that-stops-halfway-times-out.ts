import { client, lastByte } from '../../../../harness/scenario/expectation.ts';
import { defineScenario } from '../../../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An answer that stops halfway times out',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A peer that comes down hard says nothing; whoever waits for it must have a bound',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 100, ioTimeoutMs: 300 },
  faults: [{ kind: 'hold', direction: 'downstream', at: { message: 1, byte: 50 } }],
  expect: [
    client.delivers(1),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: lastByte('downstream'), atLeastMs: 200, atMostMs: 500 },
    }),
  ],
  kills: ['deadline-cleared-at-the-first-byte'],
});
