/**
 * Stays up: a server listens in time, and neither faults nor clients end it.
 */
import { broken, notChecked, passed } from '../finding.ts';
import { exitWords, inMs } from '../wording.ts';
import type { PlainInvariant } from './questions.ts';

const EXPECTED = 'the server listens in time, and runs to the end';

export const staysUp: PlainInvariant = {
  name: 'stays-up',
  statement: 'The server comes up, and neither faults nor clients end it.',
  examine: ({ server }) => {
    const { spawned, overdue, died } = server;
    if (spawned === null) return [notChecked(EXPECTED, 'the server was not started here')];
    if (overdue !== null) {
      const actual = `nobody listened at the address it was given, ${inMs(overdue.limitMs)} after its start`;
      return [broken({ expected: EXPECTED, actual, atMs: overdue.atMs })];
    }
    if (died === null) return [passed({ expected: EXPECTED, actual: 'it ran until the harness ended it' })];
    return [broken({ expected: EXPECTED, actual: `it ${exitWords(died)}; its log may say why`, atMs: died.atMs })];
  },
};
