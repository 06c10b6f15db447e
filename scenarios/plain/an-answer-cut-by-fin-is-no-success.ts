import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'An answer that ends half-way is not taken for a whole one',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires:
      'Messages are of fixed length, delimited, or say how long they are, so that a cut one is known for what it is',
  },
  faults: [{ kind: 'fin', direction: 'downstream', at: { part: 0.5 } }],
  client: 'whole-or-told',
});
