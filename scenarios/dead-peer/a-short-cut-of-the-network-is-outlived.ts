import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A network that is back before anybody gave up has done no harm',
  source: {
    passage: 'RFC 9293, 3.8.1',
    requires:
      'What was lost is sent again until it is acknowledged: a connection outlives a gap shorter than every deadline',
  },
  workload: 'echo',
  params: { messages: 20, messageBytes: 256, paceMs: 50, ioTimeoutMs: 1750 },
  faults: [
    { kind: 'cut', role: 'client', when: { on: 'event', role: 'client', event: 'received', nth: 3 }, forMs: 700 },
  ],
  seen: [client.seen('received', 3)],
  expect: [client.completes(), server.completes(), client.delivers(20)],
  kills: ['half-the-deadline-kept'],
});
