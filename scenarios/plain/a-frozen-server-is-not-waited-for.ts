import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A server that stands still is not waited for without end',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: "The kernel of a dead program's machine still accepts: only a deadline tells it from a slow one",
  },
  faults: [{ kind: 'freeze', role: 'server' }],
  client: 'whole-or-told',
});
