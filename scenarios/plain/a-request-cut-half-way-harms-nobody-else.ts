import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A request that a reset cuts half-way leaves the server serving',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A client can die in the middle of a request: a server drops that connection and goes on',
  },
  faults: [{ kind: 'reset', direction: 'upstream', at: { part: 0.5 } }],
  client: 'whole-or-told',
});
