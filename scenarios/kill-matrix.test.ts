/**
 * Every seeded bug against the scenarios of its class: each is killed by one, with a `fail` that names it, and spared
 * with the fault off and by every control that it supports, of which it passes one at least.
 *
 * `halfopen mutants` is the whole matrix, every scenario with every bug that it lists; here a bug is left once it is dead.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { TrialResult } from '../harness/evidence/mutants.ts';
import { loadBugs } from '../harness/suite/bugs.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { trialsOf } from '../harness/suite/kill-matrix.ts';
import { runMutants } from '../harness/suite/mutants.ts';
import { builtInSubjects } from '../harness/suite/subjects.ts';

const LIMIT_MS = 300_000;

/** Whether a trial shows the program without a fault, and found nothing wrong with it. */
function passesClean({ expected, verdict, control }: TrialResult): boolean {
  return expected === 'spare' ? verdict === 'pass' : control === 'pass';
}

test('every bug is killed by a scenario of its class', { timeout: LIMIT_MS }, async ({ signal }) => {
  const [bugs, subjects] = [await loadBugs(), await builtInSubjects()];
  const reference = subjects.find(({ name }) => name === 'node');
  if (reference === undefined) throw new Error('the reference subject is missing');
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-mutants-'));
  try {
    const trials = trialsOf(await loadCatalogue(), bugs, 'of-class');
    const request = {
      trials,
      subjects,
      reference,
      quick: true,
      whole: true,
      gaps: [],
      seed: 'ci',
      cells: 4,
      reports,
      command: ['mutants'],
    };
    const { matrix } = await runMutants(request, () => {}, signal);
    // With what was said instead, which is all that a reader of a log can go by.
    const trialsOfThe = (names: readonly string[]) =>
      matrix.trials
        .filter(({ bug, expected }) => names.includes(bug) && expected === 'kill')
        .map(
          ({ bug, scenario, verdict, control, reason }) =>
            `${bug} in ${scenario}: ${verdict}, ${reason} (control ${control})`,
        );
    expect({
      survivors: trialsOfThe(matrix.survivors),
      outOfClass: trialsOfThe(matrix.outOfClass),
      unnamed: trialsOfThe(matrix.unnamed),
    }).toEqual({ survivors: [], outOfClass: [], unnamed: [] });
    const spared = matrix.broken.filter((sentence) => sentence.includes('a control') || sentence.includes('fault off'));
    expect(spared).toEqual([]);
    expect(matrix.trials.filter(({ expected }) => expected === 'spare').length).toBeGreaterThanOrEqual(bugs.length);
    // That a control is not supported by a program spares it nothing: what it speaks it must have spoken well.
    const passing = new Set(matrix.trials.filter(passesClean).map(({ bug }) => bug));
    expect(bugs.map(({ name }) => name).filter((name) => !passing.has(name))).toEqual([]);
  } finally {
    await rm(reports, { recursive: true });
  }
});
