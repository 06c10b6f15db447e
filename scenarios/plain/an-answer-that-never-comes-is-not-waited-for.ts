import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'An answer that never comes is not waited for without end',
  source: {
    passage: 'HOWTO, When Sockets Die',
    requires: 'A peer can die without a word, and a recv without a deadline then waits for ever',
  },
  faults: [{ kind: 'hold', direction: 'downstream', at: { byte: 0 } }],
  client: 'whole-or-told',
});
