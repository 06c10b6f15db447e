import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEachPair, sweeping } from '../../harness/scenario/sweep.ts';

const HEADER_BYTES = 5;
const PAIRS = (HEADER_BYTES * (HEADER_BYTES - 1)) / 2;

export const scenario = defineScenario({
  claim: 'Five digits may come in three pieces, cut anywhere',
  source: {
    passage: 'cloudamqp/amqp-client.js#206',
    requires: 'A header that takes three reads must be put together from all three, not from the first and the last',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 2, messageBytes: 40, ...sweeping(PAIRS) },
  faults: atEachPair(1, HEADER_BYTES, ([first, second], own) => ({
    kind: 'fragment',
    direction: 'both',
    at: [
      { message: 1, byte: first },
      { message: 1, byte: second },
    ],
    gapMs: 15,
    ...own,
  })),
  expect: [client.completes(), server.completes()],
  kills: ['digits-read-as-they-come'],
});
