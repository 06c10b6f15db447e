import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A sender that nobody reads times out, and does not gather for ever',
  source: {
    passage: 'nodejs/node#9254',
    requires: 'A window that stays shut is noticed by the deadline of the message that cannot be handed over',
  },
  only: {
    cell: 'local',
    because: 'the bound counts from the stall, and how long the buffers between containers take to fill is not known',
  },
  workload: 'slow-reader',
  params: { content: 'zeros', messages: 100, messageBytes: 200_000, ioTimeoutMs: 300 },
  faults: [{ kind: 'stall', direction: 'upstream', at: { message: 1, byte: 0 } }],
  expect: [
    client.fails({ codes: ['timeout'], ops: ['send'], within: { from: fault(), atLeastMs: 200, atMostMs: 700 } }),
  ],
  kills: ['no-deadline'],
});
