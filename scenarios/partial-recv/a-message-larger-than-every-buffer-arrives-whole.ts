import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A message larger than every buffer arrives whole, in its own time',
  source: {
    passage: 'redis/node-redis#2419',
    requires: 'A reply that comes in very many reads is one message all the same',
  },
  workload: 'echo',
  // Linux lets what a socket keeps grow to 4 MB on its way out and to 6 MB on its way in (tcp(7)).
  params: { content: 'zeros', messages: 1, messageBytes: 8_000_000, maxMessageBytes: 16_000_000, ioTimeoutMs: 2400 },
  faults: [{ kind: 'bandwidth', direction: 'downstream', kilobytesPerSecond: 5700 }],
  expect: [client.completes(), server.completes()],
  kills: ['half-the-deadline-kept'],
});
