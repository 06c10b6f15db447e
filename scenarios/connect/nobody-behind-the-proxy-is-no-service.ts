import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Nobody behind the proxy is no service: connected is not yet ready',
  source: {
    passage: 'alpacax/alpacon-cli#394',
    requires: 'A proxy accepts for a server that is gone; only an answer shows that there is one',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64 },
  faults: [{ kind: 'kill', role: 'server', when: { on: 'event', role: 'server', event: 'listening' } }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['reset', 'broken-pipe', 'closed', 'refused'],
      within: { from: event('client', 'connecting'), atLeastMs: 0, atMostMs: 400 },
    }),
  ],
  kills: ['reset-crashes-the-process'],
});
