/**
 * Run folders that came from elsewhere: nothing that stands in their files is obeyed by a terminal, or by GitHub.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { sampleAttempt } from '../report/sample/attempt.ts';
import { sampleRun, writeSampleRun } from '../report/sample/run.ts';

const HALFOPEN = fileURLToPath(new URL('halfopen.js', import.meta.url));
const EVIL = '::error::mine\u001b[31m##[error]mine\n::error::mine';
/** A run's name takes no control characters; another is no run of this version. */
const NAME = '##[error]mine';
const { result } = sampleAttempt({ scenario: 'a/one', claim: 'all is well', verdict: 'fail' });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-stored-'));
  await writeSampleRun(join(folder, 'evil'), sampleRun([result], { run: NAME, problem: EVIL }), []);
  await writeSampleRun(join(folder, 'other'), sampleRun([{ ...result, scenario: EVIL }], { run: 'b', seed: NAME }), []);
  const place = `scenarios/${EVIL}`;
  const attempts = [{ verdict: 'fail' as const, reason: EVIL, evidence: place, durationMs: 1 }];
  await writeSampleRun(join(folder, 'judged'), sampleRun([{ ...result, attempts, evidence: place }]), []);
  await mkdir(join(folder, 'broken'));
  await writeFile(join(folder, 'broken/run.json'), `\u001b[31m##[${EVIL}`);
  await mkdir(join(folder, 'reports'));
  await writeSampleRun(join(folder, 'reports/latest'), sampleRun([], { run: NAME }), []);
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  [['report', 'broken'], 'run.json cannot be used'],
  [['report', 'diff', 'evil', 'other'], 'not as good'],
  [['report', 'diff', 'evil', 'other', '--json'], '"before":'],
  [['report', 'merge', 'evil', 'other'], 'merge runs of one seed'],
  [['report', 'merge', 'evil'], 'Not sound'],
  [['judge', 'judged'], 'attempts.0.evidence: takes a path inside the run'],
  [['run', '--last-failed'], 'nothing failed in'],
])('halfopen %j', (args, told) => {
  const { stdout, stderr } = spawnSync(process.execPath, [HALFOPEN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GITHUB_ACTIONS: 'true' },
  });
  const said = stdout + stderr;
  expect(said).toContain(told);
  expect(said).not.toContain('\u001b');
  expect(said).not.toMatch(/^\s*::|##\[/m);
});
