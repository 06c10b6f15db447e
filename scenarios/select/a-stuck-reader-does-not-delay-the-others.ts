import { client, event } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A client that stopped reading does not delay the forty-nine others',
  source: {
    passage: 'apache/pulsar#6740',
    requires: 'One client that has stopped reading costs the others nothing, however many they are',
  },
  workload: 'echo',
  params: { messages: 3, messageBytes: 5000, connections: 50, concurrency: 50, ioTimeoutMs: 1000 },
  faults: [{ kind: 'stall', direction: 'downstream', at: { message: 0, byte: 0 }, connections: [1] }],
  expect: [
    client.completes(),
    client.fails({
      codes: ['timeout'],
      ops: ['recv'],
      within: { from: event('client', 'sent', 0), atLeastMs: 1000, atMostMs: 1200 },
    }),
  ],
  quiet: true,
  kills: ['one-client-at-a-time'],
});
