import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 5 + 10;

export const scenario = defineScenario({
  claim: 'An end of the stream inside five digits or what they announce is no message',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'The connection can break inside the length as well as inside the message',
  },
  workload: 'echo',
  params: { framing: 'ascii5', messages: 3, messageBytes: 10, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES) },
  faults: atEach(0, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    client.delivers(1),
    client.fails({ codes: ['truncated', 'closed'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['end-inside-a-header-taken-for-a-clean-end'],
});
