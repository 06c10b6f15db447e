import { client, server } from '../../harness/scenario/expectation.ts';
import { defineScenario } from '../../harness/scenario/scenario.ts';

export const scenario = defineScenario({
  claim: 'A stall that ends loses nothing, although the sender met a full window',
  source: {
    passage: 'adafruit/Adafruit_CircuitPython_MiniMQTT#231',
    requires: 'A send that took a part of the message is continued with the rest, and with nothing twice',
  },
  workload: 'slow-reader',
  params: { content: 'zeros', messages: 130, messageBytes: 50_000, paceMs: 1, ioTimeoutMs: 2500 },
  faults: [{ kind: 'stall', direction: 'upstream', at: { message: 1, byte: 0 }, forMs: 2000 }],
  expect: [client.completes(), server.completes(), server.delivers(130)],
  kills: ['full-window-taken-for-sent', 'send-result-not-looked-at'],
});
