import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A refused connection is told, and not waited for',
  source: {
    passage: 'RFC 9293, 3.5.2',
    requires: 'A SYN that meets no listener is rejected by a reset: who connects knows at once that nobody is there',
  },
  faults: [{ kind: 'refuse' }],
  client: 'whole-or-told',
});
