/**
 * The kill matrix: every seeded bug is caught by a scenario that says so, every scenario but the controls catches one,
 * and nobody is caught with the fault off.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { trialsOf } from '../harness/suite/kill-matrix.ts';
import { runMutants } from '../harness/suite/mutants.ts';
import { builtInSubjects, loadBugs, whyMissing } from '../harness/suite/subjects.ts';

/** Five minutes on two cores is what CI may spend on it. */
const LIMIT_MS = 300_000;

test(
  'every bug is killed by a scenario, every scenario kills one, no control kills any',
  { timeout: LIMIT_MS },
  async (context) => {
    const subjects = await builtInSubjects();
    const present = new Set<string>();
    for (const subject of subjects) if ((await whyMissing(subject)) === null) present.add(subject.name);
    const bugs = (await loadBugs()).filter(({ name }) => process.env['CI'] !== undefined || present.has(name));
    const reference = subjects.find(({ name }) => name === 'node');
    if (reference === undefined) throw new Error('the reference subject is missing');
    const folder = await mkdtemp(join(tmpdir(), 'halfopen-mutants-'));
    try {
      const { survivors, idle, broken } = await runMutants(
        {
          trials: trialsOf(await loadCatalogue(), bugs),
          subjects,
          reference,
          quick: true,
          seed: 'ci',
          cells: 4,
          folder,
        },
        () => {},
        context.signal,
      );
      expect({ survivors, idle, broken }).toEqual({ survivors: [], idle: [], broken: [] });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
