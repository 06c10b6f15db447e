import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** Of the first message: a length of 4 bytes and the payload. */
const WIRE_BYTES = 4 + 12;

export const scenario = defineScenario({
  claim: 'Length-prefixed messages survive every cut in two: where the pieces end says nothing',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'recv may end anywhere in a message, so no place of a cut may change what is delivered',
  },
  workload: 'echo',
  params: { framing: 'prefix32', messages: 2, messageBytes: 12, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fragment',
    direction: 'both',
    at: [{ message: 0, byte }],
    gapMs: 15,
    ...own,
  })),
  expect: [client.completes(), server.completes()],
  kills: ['one-recv-taken-for-one-message', 'header-assumed-whole'],
});
