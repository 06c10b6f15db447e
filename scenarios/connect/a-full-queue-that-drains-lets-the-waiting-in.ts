import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A connect that waits at a full queue is let in once the queue drains, within its deadline',
  source: {
    passage: 'RFC 9293, 3.8.3',
    requires: 'An opening segment that nobody took is sent again by the kernel: who waits for that gets through',
  },
  workload: 'echo',
  params: { messages: 2, messageBytes: 64, connectTimeoutMs: 3600 },
  // Short clocks give an opening up at just the time when the queue would be found to have room.
  kernel: 'stock',
  faults: [{ kind: 'hang-connect', forMs: 2400 }],
  expect: [client.completes(), server.completes()],
  kills: ['slow-connect-given-up-early'],
});
