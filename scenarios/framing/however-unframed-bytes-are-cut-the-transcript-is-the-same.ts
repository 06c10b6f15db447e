import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';
import { sweeping } from '../../harness/scenario/sweep.ts';

const WAYS = 32;

export const scenario = defineScenario({
  claim: 'However the bytes of a message without a frame are cut, joined and delayed, the transcript is the same',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'TCP keeps the order of bytes and nothing else: what was one write may come in any pieces, at any time',
  },
  workload: 'echo',
  params: { framing: 'until-end', messageBytes: 240, paceMs: 15, ioTimeoutMs: 3000, ...sweeping(WAYS) },
  faults: [{ kind: 'recut', ways: WAYS, atMostMs: 300 }],
  expect: [client.alike(), server.alike(), client.completes(), server.completes()],
  kills: ['first-read-taken-for-the-whole'],
});
