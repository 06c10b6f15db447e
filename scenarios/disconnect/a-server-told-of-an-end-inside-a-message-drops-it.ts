import { ownFault, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { atEach, sweeping } from '../../harness/scenario/sweep.ts';

const WIRE_BYTES = 4 + 12;

export const scenario = defineScenario({
  claim: 'A server that is told of an end inside a message drops that message',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'Half a request must never be answered: the server cannot know what the rest would have been',
  },
  workload: 'echo',
  params: { framing: 'prefix32', messages: 3, messageBytes: 12, ioTimeoutMs: 3000, ...sweeping(WIRE_BYTES - 1) },
  faults: atEach(1, WIRE_BYTES - 1, (byte, own) => ({
    kind: 'fin',
    direction: 'upstream',
    at: { message: 1, byte },
    ...own,
  })),
  expect: [
    server.delivers(1),
    server.fails({ codes: ['truncated'], within: { from: ownFault(), atLeastMs: 0, atMostMs: 500 } }),
  ],
  kills: ['eof-inside-a-message-delivered', 'end-inside-a-header-taken-for-a-clean-end'],
});
