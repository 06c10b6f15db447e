import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 1 + 16;

export const scenario = defineScenario({
  claim: 'An end of the stream inside a typed message is no message',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'The type fixes the length, and an end before that length is reached is a broken connection',
  },
  workload: 'echo',
  params: { framing: 'typed', messages: 5, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES) },
  faults: atEach(0, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'downstream',
    at: { message: 3, byte },
    ...own,
  })),
  expect: [
    client.delivers(3),
    client.fails({ codes: ['truncated', 'closed'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['short-record-delivered'],
});
