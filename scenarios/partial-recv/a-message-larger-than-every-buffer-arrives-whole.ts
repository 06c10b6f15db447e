import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message larger than every buffer arrives whole, in its own time',
  source: {
    passage: 'redis/node-redis#2419',
    requires: 'A reply that comes in very many reads is one message all the same',
  },
  workload: 'echo',
  params: { content: 'zeros', messages: 1, messageBytes: 1_500_000, maxMessageBytes: 4_000_000, ioTimeoutMs: 1800 },
  faults: [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 1500 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept'],
});
