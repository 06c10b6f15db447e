import { client, fault } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A line without an end is refused once it is longer than any may be',
  source: {
    passage: 'CONTRACT, Parameters',
    requires: 'A delimited message that has grown beyond the limit is an error, before more of it is gathered',
  },
  workload: 'pipeline',
  params: { framing: 'delimited', content: 'text', messages: 6, messageBytes: 60, maxMessageBytes: 100 },
  faults: [{ kind: 'corrupt', direction: 'downstream', at: { message: 1, byte: 60 }, xor: 0x40 }],
  expect: [
    client.delivers(1),
    client.fails({ codes: ['too-large'], ops: ['recv'], within: { from: fault(), atLeastMs: 0, atMostMs: 200 } }),
  ],
  kills: ['announced-length-trusted'],
});
