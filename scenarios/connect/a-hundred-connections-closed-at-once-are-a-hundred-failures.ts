import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const CONNECTIONS = 100;

export const scenario = defineScenario({
  claim: 'A hundred connections that are closed as soon as they are accepted are a hundred failures',
  source: {
    passage: 'FreeTAKTeam/LXMF-rs#493',
    requires: 'A connection that lived for no time was none: each is told, none is fatal, and none is tried in a loop',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, connections: CONNECTIONS, concurrency: 10, ioTimeoutMs: 2000 },
  faults: [{ kind: 'script', role: 'server', steps: [{ do: 'close' }] }],
  expect: [
    client.delivers(0),
    client.fails({
      codes: ['closed', 'reset', 'broken-pipe'],
      within: { from: event('client', 'connected'), atLeastMs: 0, atMostMs: 500 },
    }),
  ],
  kills: ['first-failure-ends-the-client', 'end-where-a-reply-was-due-taken-for-done'],
});
