import { definePlainScenario } from '../../harness/scenario/plain.ts';

export const scenario = definePlainScenario({
  claim: 'Bytes that come joined come to the same',
  source: {
    passage: 'HOWTO, Using a Socket',
    requires: 'Several sends may come in one recv: what follows a message belongs to the next',
  },
  faults: [{ kind: 'coalesce', direction: 'downstream', bytes: 65536, waitMs: 50 }],
  client: 'unaffected',
});
