import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'A request that stops half-way leaves the server serving',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'Half a request, and then nothing, must not keep a server from those who come after',
  },
  faults: [{ kind: 'swallow', direction: 'upstream', at: { part: 0.5 } }],
  client: 'whole-or-told',
});
