import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A header may arrive torn: the length itself can take several reads',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'Reading the length of a message needs a receive loop of its own, for not all of it may come in one recv',
  },
  basic: true,
  workload: 'echo',
  params: { messages: 3, messageBytes: 64 },
  faults: [
    {
      kind: 'fragment',
      direction: 'both',
      at: [
        { message: 0, byte: 1 },
        { message: 0, byte: 3 },
        { message: 1, byte: 2 },
        { message: 2, inside: 'header' },
      ],
      gapMs: 15,
    },
  ],
  expect: [client.completes(), server.completes()],
  kills: ['header-assumed-whole', 'length-unpacked-from-what-is-there'],
});
