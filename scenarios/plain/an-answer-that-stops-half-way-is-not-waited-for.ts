import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'An answer that stops half-way is not waited for without end',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A peer can die in the middle of a message, and a recv without a deadline then waits for ever',
  },
  faults: [{ kind: 'hold', direction: 'downstream', at: { part: 0.5 } }],
  client: 'whole-or-told',
});
