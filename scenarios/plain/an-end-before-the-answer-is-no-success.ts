import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A connection that ends before its answer is not taken for an empty one',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'A recv of no bytes says that the peer is done: an answer that was due has not come',
  },
  faults: [{ kind: 'fin', direction: 'downstream', at: { byte: 0 } }],
  client: 'whole-or-told',
});
