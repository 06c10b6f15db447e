import { client } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

const MESSAGES = 10_000;

export const scenario = defineScenario({
  claim: 'Ten thousand messages in one write are told apart',
  source: {
    passage: 'websockets/ws#992',
    requires: 'A reader loops over what one read holds; one that calls itself for each message has no stack left',
  },
  workload: 'download',
  params: { messages: MESSAGES, messageBytes: 1, ioTimeoutMs: 20_000 },
  faults: [
    {
      kind: 'script',
      role: 'server',
      polite: true,
      steps: [{ do: 'take', seq: 0 }, { do: 'message', seq: 0, count: MESSAGES }, { do: 'end' }],
    },
  ],
  expect: [client.completes()],
  kills: ['one-call-a-message'],
});
