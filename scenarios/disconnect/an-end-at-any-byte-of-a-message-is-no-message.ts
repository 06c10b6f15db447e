import { client, ownFault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 4 + 12;

export const scenario = defineScenario({
  claim: 'An end of the stream at any byte of a message is no message',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      'A recv of 0 bytes breaks the connection: inside header or payload that is an error, between messages another',
  },
  workload: 'echo',
  params: { framing: 'prefix32', messages: 3, messageBytes: 12, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES) },
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
  kills: ['eof-inside-a-message-delivered', 'end-inside-a-header-taken-for-a-clean-end'],
});
