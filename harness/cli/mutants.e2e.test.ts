import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RUN_FILES } from '../evidence/folder.ts';
import { mutantsSchema } from '../evidence/mutants.ts';
import { readJson } from '../evidence/read-evidence.ts';
import { runSchema } from '../evidence/run.ts';
import { writeReport } from '../report/write-report.ts';
import { runMutants } from '../suite/mutants.ts';
import { builtInSubjects } from '../suite/subjects.ts';

const HALFOPEN = fileURLToPath(new URL('halfopen.js', import.meta.url));
const CUT = 'a-message-cut-by-fin-is-truncated';

/** Four documents of one run, and what the command itself came to. */
interface Told {
  readonly status: number | null;
  readonly folder: string;
  readonly console: string;
  readonly runJson: number | null;
  readonly junit: string;
  readonly page: string;
}

describe('a run of seeded bugs comes to one exit status everywhere', () => {
  let reports: string;
  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'halfopen-mutants-'));
  });
  afterAll(() => rm(reports, { recursive: true }));

  function halfopen(...args: string[]): { status: number | null; stdout: string } {
    const { status, stdout } = spawnSync(process.execPath, [HALFOPEN, ...args], { encoding: 'utf8' });
    return { status, stdout };
  }

  async function tried(name: string, ...args: string[]): Promise<Told> {
    const into = join(reports, name);
    const { status, stdout } = halfopen('mutants', '--report', into, ...args);
    const [run = ''] = (await readdir(into)).filter((entry) => entry.startsWith('mutants-'));
    return { ...(await documents(join(into, run))), status, console: stdout };
  }

  async function documents(folder: string): Promise<Omit<Told, 'status' | 'console'>> {
    const { exitStatus: runJson } = await readJson(join(folder, RUN_FILES.run), runSchema);
    const [junit, page] = await Promise.all(
      [RUN_FILES.junit, RUN_FILES.index].map((file) => readFile(join(folder, file), 'utf8')),
    );
    return { folder, runJson, junit: junit ?? '', page: (page ?? '').replaceAll(/\s+/g, ' ') };
  }

  test('0 where the bug is killed, and the same where it is judged again', async () => {
    const killed = await tried('killed', CUT, '--bug', 'eof-inside-a-message-delivered');
    expect(killed).toMatchObject({ status: 0, runJson: 0 });
    expect(killed.console).toMatch(
      /^halfopen {2}1 trial of 1 bug in 1 scenario, beside node, in 1 cell \(local, wire proxy\), seed 0\n/u,
    );
    expect(killed.junit).toMatch(/<testsuites [^>]* failures="0" errors="0"/);
    expect(killed.page).toContain('<dd>0, every bug was killed</dd>');
    const copy = join(reports, 'again');
    await cp(killed.folder, copy, { recursive: true });
    const before = await readJson(join(copy, RUN_FILES.mutants), mutantsSchema);
    expect(halfopen('judge', copy).status).toBe(0);
    expect((await readJson(join(copy, RUN_FILES.run), runSchema)).exitStatus).toBe(0);
    expect(await readJson(join(copy, RUN_FILES.mutants), mutantsSchema)).toEqual(before);
  });

  test('2 where a bug that is named meets none of the scenarios, and nothing is run', async () => {
    const into = join(reports, 'untried');
    const bugs = 'eof-inside-a-message-delivered,no-deadline';
    const args = ['mutants', CUT, '--bug', bugs, '--quick', '--report', into];
    const { status, stderr } = spawnSync(process.execPath, [HALFOPEN, ...args], { encoding: 'utf8' });
    expect(stderr).toBe(
      'halfopen: --bug: none of these scenarios is tried on no-deadline: leave it out, or try all with --every\n',
    );
    expect(status).toBe(2);
    await expect(readdir(into)).rejects.toThrow('ENOENT');
  });

  test('2 where a bug that is named meets controls only', () => {
    const args = ['mutants', CUT, 'a-clean-exchange', '--bug', 'no-deadline', '--report', join(reports, 'controls')];
    const { status, stderr } = spawnSync(process.execPath, [HALFOPEN, ...args], { encoding: 'utf8' });
    expect(stderr).toBe(
      'halfopen: --bug: of these scenarios only controls are tried on no-deadline: leave it out, or try all with --every\n',
    );
    expect(status).toBe(2);
  });

  test('a reference that is named meets the bug, in one role', async () => {
    const bug = 'eof-inside-a-message-delivered';
    const { folder, page } = await tried('reference', CUT, '--bug', bug, '--reference', 'python');
    const { results } = await readJson(join(folder, RUN_FILES.run), runSchema);
    expect(results.map(({ client, server }) => `${client} ${server}`)).toContain(`${bug} python`);
    expect(results.some(({ client, server }) => client === server)).toBe(false);
    expect(page).not.toContain('swept');
  });

  test('1 where it survives', async () => {
    const alive = await tried('alive', CUT, '--bug', 'python');
    expect(alive.console).toContain('python survived every scenario');
    expect(alive).toMatchObject({ status: 1, runJson: 1 });
    expect(alive.junit).not.toMatch(/<testsuites [^>]* failures="0"/);
    expect(alive.page).toContain('<dd>1, a bug survived, or a promise was not kept</dd>');
    expect(halfopen('judge', alive.folder).status).toBe(1);
  });

  test('the last line of --json says it as well', () => {
    const into = join(reports, 'json');
    const { status, stdout } = halfopen('mutants', CUT, '--bug', 'python', '--json', '--report', into);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(status).toBe(1);
    expect(lines.slice(0, -1)).toEqual([expect.objectContaining({ type: 'trial', bug: 'python', verdict: 'pass' })]);
    expect(lines.at(-1)).toMatchObject({ type: 'finished', exitStatus: 1 });
    expect(lines.at(-1)).toHaveProperty('problems.0', 'python survived every scenario');
  });

  test('1 where a promise cannot be kept, though nothing that was run went wrong', async ({ signal }) => {
    const [reference] = await builtInSubjects();
    if (reference === undefined) throw new Error('there is no subject');
    const gaps = ['no scenario kills "deaf"'];
    const made = { trials: [], subjects: [], reference, quick: false, whole: true, gaps, seed: '0', cells: 1 };
    const request = { ...made, reports: join(reports, 'gaps'), command: ['mutants'] };
    const { folder, exitStatus } = await runMutants(request, () => {}, signal);
    await writeReport(folder);
    const told = await documents(folder);
    expect(exitStatus).toBe(1);
    expect(told.runJson).toBe(1);
    expect(told.junit).toMatch(/<testsuites [^>]* failures="1"/);
    expect(told.page).toContain('<li>no scenario kills &quot;deaf&quot;</li>');
  });
});
