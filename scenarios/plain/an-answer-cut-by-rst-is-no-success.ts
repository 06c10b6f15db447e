import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'An answer that a reset cuts half-way is not taken for a whole one',
  source: {
    passage: 'RFC 9293, 3.5.2',
    requires: 'A reset ends the connection at once, and the user is told so',
  },
  faults: [{ kind: 'reset', direction: 'downstream', at: { part: 0.5 } }],
  client: 'whole-or-told',
});
