import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'Packets that are lost on the way are made good, and messages arrive whole',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      'What a recv returns is what has come by then: after a loss that is part of a message, and the rest comes later',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 12_000, ioTimeoutMs: 10_000 },
  faults: [
    { kind: 'drop', role: 'client', direction: 'upstream', oneIn: 7 },
    { kind: 'drop', role: 'server', direction: 'downstream', oneIn: 5 },
  ],
  expect: [client.completes(), server.completes(), client.delivers(10)],
  kills: ['one-recv-taken-for-one-message'],
});
