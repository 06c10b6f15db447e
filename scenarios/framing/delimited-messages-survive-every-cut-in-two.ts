import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** Of the first message: the payload and a line feed. */
const WIRE_BYTES = 12 + 1;

export const scenario = defineScenario({
  claim: 'Delimited messages survive every cut in two: where the pieces end says nothing',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'recv may end anywhere in a message, so no place of a cut may change what is delivered',
  },
  workload: 'echo',
  params: { framing: 'delimited', messages: 2, content: 'text', messageBytes: 12, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fragment',
    direction: 'both',
    at: [{ message: 0, byte }],
    gapMs: 15,
    ...own,
  })),
  expect: [client.completes(), server.completes()],
  kills: ['delimiter-missed-at-the-start-of-a-read'],
});
