import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'Bytes that come in small pieces come to the same',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'One recv may return any part of what was sent: a program reads on until it has the whole',
  },
  faults: [
    {
      kind: 'fragment',
      direction: 'both',
      at: [{ byte: 1 }, { part: 0.25 }, { part: 0.5 }, { part: 0.75 }],
      gapMs: 40,
    },
  ],
  client: 'unaffected',
});
