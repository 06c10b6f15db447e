import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A server killed with bytes queued leaves a part, and the part is told as one',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires: 'The kernel of the dead may still deliver what was queued and then end: that end completes nothing',
  },
  workload: 'download',
  params: { content: 'zeros', messages: 130, messageBytes: 50_000, paceMs: 1, ioTimeoutMs: 2500 },
  faults: [
    { kind: 'stall', direction: 'downstream', at: { message: 2, byte: 0 }, forMs: 500 },
    { kind: 'kill', role: 'server', when: { on: 'event', role: 'server', event: 'sending', nth: 20 } },
  ],
  expect: [
    client.delivers(2, 129),
    client.fails({
      codes: ['truncated', 'closed', 'reset', 'broken-pipe'],
      within: { from: event('client', 'received'), atLeastMs: 0, atMostMs: 900 },
    }),
  ],
  kills: ['end-where-a-reply-was-due-taken-for-done'],
});
