import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'An outage shorter than TCP_USER_TIMEOUT is outlived',
  source: {
    passage: 'RFC 5482, 1',
    requires: 'A longer user timeout lets a connection survive a longer time in which nothing gets through',
  },
  workload: 'echo',
  params: { messages: 10, messageBytes: 256, paceMs: 50, ioTimeoutMs: 5000, userTimeoutMs: 4000 },
  // What is lost in it the kernel sends again after pauses that double, for the last time before 1.4 s are over.
  faults: [
    { kind: 'cut', role: 'client', when: { on: 'event', role: 'client', event: 'received', nth: 3 }, forMs: 700 },
  ],
  seen: [client.seen('received', 3)],
  expect: [client.completes(), server.completes(), client.delivers(10)],
  kills: ['user-timeout-set-in-seconds'],
});
