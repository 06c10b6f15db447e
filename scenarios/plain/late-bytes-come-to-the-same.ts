import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'Bytes that come late come to the same',
  source: {
    passage: 'RFC 9293, 3.8.4',
    requires: 'A pause is no end: a connection on which nothing comes for a while is still a connection',
  },
  faults: [{ kind: 'latency', direction: 'both', latencyMs: 150 }],
  client: 'unaffected',
});
