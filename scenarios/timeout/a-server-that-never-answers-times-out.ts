import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server that accepts by its kernel and never answers times out',
  source: {
    passage: 'tulios/kafkajs#368',
    requires: 'A connection that stands is no server that lives: the first request needs its deadline too',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, ioTimeoutMs: 250 },
  faults: [{ kind: 'freeze', role: 'server', when: { on: 'event', role: 'server', event: 'listening' } }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 250, atMostMs: 300 },
    }),
  ],
  kills: ['no-deadline'],
});
