import { describe, expect, test } from 'vitest';

import type { Mutants } from '../evidence/mutants.ts';
import { mutantsStatus } from './exit-status.ts';

describe('of a run of seeded bugs', () => {
  const NONE: Mutants = {
    bugs: [],
    classes: [],
    claims: {},
    trials: [],
    survivors: [],
    outOfClass: [],
    unnamed: [],
    idle: [],
    broken: [],
    whole: true,
    gaps: [],
  };

  test.each(['survivors', 'outOfClass', 'unnamed', 'idle', 'broken', 'gaps'] as const)('%s make it 1', (list) => {
    expect(mutantsStatus(NONE, null)).toBe(0);
    expect(mutantsStatus({ ...NONE, [list]: ['x'] }, null)).toBe(1);
    expect(mutantsStatus({ ...NONE, [list]: ['x'] }, 'SIGTERM')).toBe(143);
  });

  test.each([
    ['the fault on', { verdict: 'setup-error', control: null }],
    ['the fault off', { verdict: 'fail', control: 'setup-error' }],
  ] as const)('a trial that could not be made with %s makes it 3', (_title, words) => {
    const trial = { scenario: 's', bug: 'b', expected: 'kill', role: 'both', reason: '', ...words } as const;
    expect(mutantsStatus({ ...NONE, trials: [trial], broken: ['x'] }, null)).toBe(3);
    expect(mutantsStatus({ ...NONE, trials: [trial] }, 'SIGINT')).toBe(130);
  });

  test('a run in which only controls were tried makes it 4, unless one of them was not spared', () => {
    const spared = { scenario: 's', bug: 'b', expected: 'spare', role: 'both', verdict: 'pass' } as const;
    const matrix = { ...NONE, trials: [{ ...spared, reason: '', control: null }] };
    expect(mutantsStatus(matrix, null)).toBe(4);
    expect(mutantsStatus({ ...matrix, broken: ['x'] }, null)).toBe(1);
  });

  test('one that left things behind is not sound', () => {
    expect(mutantsStatus(NONE, null, 'a container is left')).toBe(3);
  });
});
