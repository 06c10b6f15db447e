import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

/** Nothing but the payload: the end of the stream is all that ends it. */
const WIRE_BYTES = 24;

export const scenario = defineScenario({
  claim: 'A message that only the end of the stream ends survives every cut in two',
  source: {
    passage: 'HOWTO, Disconnecting',
    requires: 'The complete request is there once a receive gives 0 bytes, and not when one gives what there is so far',
  },
  workload: 'echo',
  params: { framing: 'until-end', messageBytes: WIRE_BYTES, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fragment',
    direction: 'both',
    at: [{ message: 0, byte }],
    gapMs: 15,
    ...own,
  })),
  expect: [client.completes(), server.completes()],
  kills: ['first-read-taken-for-the-whole'],
});
