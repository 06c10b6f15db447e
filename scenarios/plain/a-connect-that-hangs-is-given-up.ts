import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A connect that nobody answers is given up in time',
  source: {
    passage: 'RFC 1122, 4.2.3.5',
    requires: 'The kernel itself tries for minutes: who can not wait so long needs a deadline of its own',
  },
  faults: [{ kind: 'hang-connect' }],
  client: 'whole-or-told',
});
