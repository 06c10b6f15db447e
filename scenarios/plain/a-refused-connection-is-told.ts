import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A refused connection is told, and not waited for',
  source: {
    passage: 'RFC 9293, 3.10.7.3',
    requires: 'A reset in answer to the opening segment is told to the user as a refused connection',
  },
  faults: [{ kind: 'refuse' }],
  client: 'whole-or-told',
});
