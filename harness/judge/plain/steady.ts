/**
 * Steady: without faults a pair comes to the same each time. What differs by itself can tell nothing of faults.
 */
import { broken, notChecked, passed } from '../finding.ts';
import { inBytes } from '../wording.ts';
import { difference, ownEnd } from './outcome.ts';
import type { PlainInvariant } from './questions.ts';

export const steady: PlainInvariant = {
  name: 'steady',
  statement: 'Two runs without faults print the same on standard output.',
  examine: ({ plan, runs: [first, second] }) => {
    const expected = 'two runs without faults print the same';
    if (plan.variant === 'fault') return [notChecked(expected, 'these runs had faults')];
    if (plan.plain.client.output === 'any') return [notChecked(expected, 'its output may be any')];
    if (first?.output == null || second === undefined || ownEnd(first) === null || ownEnd(second) === null)
      return [notChecked(expected, 'there were no two runs that came to their end')];
    const differs = difference(second.output, first.output);
    const atMs = second.exited?.atMs ?? null;
    if (differs === null) {
      return [passed({ expected, actual: `both printed the same ${inBytes(first.output.bytes)}`, atMs })];
    }
    const remedy = `either it reads what happens to have come, or its output is never the same: then say output: 'any'`;
    return [broken({ expected, actual: `the second ${differs}: ${remedy}`, atMs })];
  },
};
