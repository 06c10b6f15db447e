import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A link that the kernel itself narrows carries messages in many pieces, and they are made whole',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A message takes as many calls as it takes: on a narrow link that is many',
  },
  workload: 'echo',
  // On a link that is not narrowed so much comes in one piece, and nothing shows.
  params: { messages: 3, messageBytes: 8_000, ioTimeoutMs: 10_000 },
  faults: [
    { kind: 'rate', role: 'client', kilobytesPerSecond: 100 },
    { kind: 'rate', role: 'server', kilobytesPerSecond: 100 },
  ],
  expect: [client.completes(), server.completes(), client.delivers(3)],
  kills: ['one-recv-taken-for-one-message'],
});
