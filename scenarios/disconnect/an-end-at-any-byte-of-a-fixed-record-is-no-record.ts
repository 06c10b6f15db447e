import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 14;

export const scenario = defineScenario({
  claim: 'An end of the stream inside a fixed-length record is no record',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A receive of 0 bytes before the fixed length is reached is a broken connection',
  },
  workload: 'echo',
  params: { framing: 'fixed', messages: 3, messageBytes: 14, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES) },
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
  kills: ['short-record-delivered'],
});
