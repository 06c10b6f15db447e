import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach } from '../../harness/scenario/sweep.ts';

/** Of the exchange: four replies of 512 bytes on the wire each. */
const EXCHANGE_BYTES = 2048;
const HEADER_BYTES = 4;
const MESSAGES = 4;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of an exchange of two kilobytes is told',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'Wherever in an exchange the stream ends, what is whole by then is delivered and what is not is an error',
  },
  only: {
    cell: 'local',
    because: 'a cut falls on its byte in any cell, and two thousand connections through containers would time those',
  },
  workload: 'pipeline',
  params: {
    messages: MESSAGES,
    messageBytes: EXCHANGE_BYTES / MESSAGES - HEADER_BYTES,
    ioTimeoutMs: 8000,
    connectTimeoutMs: 8000,
    connections: EXCHANGE_BYTES,
    concurrency: 64,
  },
  faults: atEach(0, EXCHANGE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: Math.floor((byte * MESSAGES) / EXCHANGE_BYTES), byte: byte % (EXCHANGE_BYTES / MESSAGES) },
    ...own,
  })),
  expect: [
    client.delivers(0, MESSAGES - 1),
    client.fails({
      codes: ['truncated', 'closed', 'reset', 'broken-pipe'],
      within: { from: ownFault(), atLeastMs: 0, atMostMs: 3000 },
    }),
  ],
  kills: ['eof-inside-a-message-delivered', 'end-inside-a-header-taken-for-a-clean-end'],
});
