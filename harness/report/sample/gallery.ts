/**
 * Test only: two run folders that have between them every part a page may have: each verdict, each notice, each table.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ATTEMPT_FILES, RUN_FILES } from '../../evidence/folder.ts';
import type { Mutants, TrialResult } from '../../evidence/mutants.ts';
import type { Result } from '../../evidence/run.ts';
import { VERDICTS } from '../../evidence/verdict.ts';
import type { VerdictWord } from '../../evidence/verdict.ts';
import { diffRuns } from '../diff.ts';
import { writeReport } from '../write-report.ts';
import { sampleAttempt } from './attempt.ts';
import type { AttemptShape, SampleAttempt } from './attempt.ts';
import { samplePlain } from './plain.ts';
import { sampleRun, writeSampleRun } from './run.ts';
import { sampleSweep } from './sweep.ts';

const silent: AttemptShape = {
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
};
const measured = { valueMs: 1843, atLeastMs: 1000, atMostMs: 1040 };
const failing: AttemptShape = {
  ...silent,
  verdict: 'fail',
  reason: 'it took too long',
  checks: [{ outcome: 'fail', measured, atMs: 300 }, { outcome: 'unknown' }, {}, { outcome: 'not-checked' }],
};

/** Of the cases of {@link writeGallery} that which fails, and has a control. */
export const FAILING = 'dead-peer/silent-server/local-wire/node+node';

/**
 * A run put together from parts, with a case of each verdict, compared with one in which each case came to another; gives its
 * page.
 */
export async function writeGallery(folder: string): Promise<string> {
  const cut = ['one', 'two'].map((name) => sampleAttempt({ ...failing, scenario: `dead-peer/cut-${name}` }));
  const others = VERDICTS.filter((word) => word !== 'fail').map((verdict) =>
    sampleAttempt({ scenario: `verdicts/${verdict}`, claim: `it came to ${verdict}`, verdict, reason: verdict }),
  );
  const attempts = [
    sampleAttempt(failing),
    sampleAttempt({ ...silent, variant: 'control' }),
    ...cut,
    samplePlain('plain/truncated'),
    sampleSweep(
      { scenario: 'framing/sweep', claim: 'every cut is told', verdict: 'fail', checks: [{ outcome: 'fail' }] },
      6,
    ),
    ...others,
  ];
  const results = attempts.map(({ result }): Result => {
    if (result.verdict === 'not-run') return { ...result, attempts: [], evidence: null };
    if (result.verdict !== 'pass') return result;
    const first = { verdict: 'unknown' as const, reason: 'the host stalled', evidence: 'gone/1', durationMs: 3 };
    return { ...result, attempts: [first, ...result.attempts], part: { run: 'part-1', shard: { number: 1, of: 2 } } };
  });
  const again = results.filter(({ scenario }) => scenario === 'verdicts/pass');
  const all = [...results, ...again.map((result) => ({ ...result, repetition: 2 }))];
  const parts = [1, 2].map((number) => ({
    run: `part-${number}`,
    shard: { number, of: 2 },
    exitStatus: 1,
    command: [],
  }));
  const run = sampleRun(all, { parts });
  await writeSampleRun(folder, run, attempts);
  const differs = ['v24', 'v25'].map((node) => ({ differs: { node } }));
  await writeFile(join(folder, RUN_FILES.environment), JSON.stringify({ platform: 'linux', parts: differs }));
  await writeFile(join(folder, RUN_FILES.mutants), 'cut off');
  for (const { folder: path } of cut) await cutOff(join(folder, path, ATTEMPT_FILES.events));
  const before = all.map((result): Result => ({ ...result, verdict: result.verdict === 'pass' ? 'fail' : 'pass' }));
  const changes = diffRuns(sampleRun(before, { run: 'the-run-before', parts }), run);
  return (await writeReport(folder, undefined, changes)).index;
}

async function cutOff(path: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 900));
}

/** A run of seeded bugs with each fate that a bug may meet, one of them not as promised; gives its page. */
export async function writeMutantsGallery(folder: string): Promise<string> {
  const fates: readonly [scenario: string, bug: string, verdict: VerdictWord, expected: TrialResult['expected']][] = [
    ['a/killer', 'torn', 'fail', 'kill'],
    ['a/killer', 'deaf', 'pass', 'kill'],
    ['a/killer', 'mute', 'unknown', 'kill'],
    ['a/clean', 'torn', 'pass', 'spare'],
    ['a/clean', 'deaf', 'fail', 'spare'],
    ['a/seeker', 'mute', 'pass', 'seek'],
  ];
  const attempts = fates.map(([scenario, client, verdict]): SampleAttempt =>
    sampleAttempt({ ...silent, scenario, client, verdict }),
  );
  await writeSampleRun(folder, sampleRun(attempts.map(({ result }) => result)), attempts);
  const bug = { class: 'B05', bug: 'a mistake', violates: 'HOWTO, Using a Socket', publicCase: 'a/b#1' };
  const mutants: Mutants = {
    bugs: ['torn', 'deaf', 'mute'].map((name) => ({ name, ...bug })),
    classes: [{ id: 'B05', title: 'reads' }],
    claims: { 'a/killer': ['torn', 'deaf', 'mute'] },
    trials: fates.map(([scenario, name, verdict, expected]) => ({
      scenario,
      bug: name,
      verdict,
      expected,
      role: 'both',
      reason: verdict,
      control: 'pass',
    })),
    survivors: ['deaf'],
    outOfClass: [],
    unnamed: [],
    idle: [],
    broken: ['a/killer did not kill "deaf"'],
    whole: true,
    gaps: [],
  };
  await writeFile(join(folder, RUN_FILES.mutants), JSON.stringify(mutants));
  return (await writeReport(folder)).index;
}
