/**
 * Breaks the judge on purpose, one question at a time, and lets its own tests notice: `node bench/judge-mutation.ts [NAME…]`.
 *
 * Owns the trying, on a copy in a folder of its own; the mutants are `judge-mutants.ts`. Exits 1 if one survives.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HAND_WRITTEN, invariantMutants, ROOT } from './judge-mutants.ts';
import type { Mutant } from './judge-mutants.ts';

const COPIED = [
  'harness/contract',
  'harness/evidence',
  'harness/scenario',
  'harness/judge',
  'vitest.config.ts',
  'package.json',
];

/** Tests of speed say nothing of what is judged. */
const TESTS = ['run', '--project', 'unit', '--bail', '1', '--testNamePattern', '^(?!size)', 'harness/judge'];

/** Whether the judge's tests pass in a folder. */
function testsPass(folder: string): Promise<boolean> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...TESTS], { cwd: folder, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status === 0));
  });
}

async function survives(folder: string, { name, file, from, to }: Mutant): Promise<boolean> {
  const path = join(folder, 'harness/judge', file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(from)) throw new Error(`the mutant "${name}" finds nothing to change in ${file}`);
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  const passed = await testsPass(folder);
  await writeFile(path, source);
  return passed;
}

async function copyOfJudge(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-judge-'));
  await mkdir(join(folder, 'harness'));
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function main(filters: readonly string[]): Promise<number> {
  const all = [...(await invariantMutants()), ...HAND_WRITTEN];
  const mutants = all.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
  const folder = await copyOfJudge();
  try {
    if (!(await testsPass(folder))) throw new Error('the tests of the judge do not pass as they are');
    const survivors: string[] = [];
    for (const mutant of mutants) {
      const survived = await survives(folder, mutant);
      if (survived) survivors.push(mutant.name);
      console.log(`${survived ? 'survived' : 'caught  '}  ${mutant.name}`);
    }
    console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants of the judge caught by its tests`);
    return survivors.length === 0 && mutants.length > 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
