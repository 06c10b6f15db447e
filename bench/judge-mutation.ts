/**
 * Breaks the judge on purpose, one question at a time, and lets its own tests notice: `node bench/judge-mutation.ts [NAME…]`.
 *
 * Owns the mutants: each invariant removed and inverted, the scenario's own questions left out, the order of verdicts and
 * the tolerance bent. Works on a copy in a folder of its own. Exits 1 if one survives.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
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

interface Mutant {
  readonly name: string;
  /** Under `harness/judge/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** How every invariant hands over its question. */
const QUESTION = '  examine,\n};';
const REMOVED =
  "  examine: () => [{ outcome: 'pass', expected: '', actual: '', measured: null, atMs: null, dependsOnFault: false, unknownReason: null }],\n};";
const INVERTED =
  "  examine: (attempt) => examine(attempt).map((one) => ({ ...one, outcome: one.outcome === 'fail' ? 'pass' : one.outcome === 'pass' ? 'fail' : one.outcome })),\n};";

const OWN: readonly Mutant[] = [
  own('expectations left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...receipts, ...seen]'),
  own('receipts left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...expectations, ...seen]'),
  own('seen left out', 'judge.ts', '[...expectations, ...receipts, ...seen]', '[...expectations, ...receipts]'),
  own('damage passed over', 'judge.ts', '() => soundness(evidence)', '() => []'),
  own(
    'interruptions passed over',
    'judge.ts',
    'const prevented = preventedBy(evidence);',
    'const prevented: ReturnType<typeof preventedBy> = null;',
  ),
  own(
    'unsupported passed over',
    'judge.ts',
    'const unsupported = unsupportedBy(attempt);',
    'const unsupported: ReturnType<typeof unsupportedBy> = null;',
  ),
  own('a breach counts without its fault', 'verdict.ts', '(faultsDelivered || !check.dependsOnFault)', 'true'),
  own(
    'a breach under a fault never counts',
    'verdict.ts',
    '(faultsDelivered || !check.dependsOnFault)',
    '!check.dependsOnFault',
  ),
  own(
    'nothing checked is green',
    'verdict.ts',
    "checks.every((candidate) => candidate.outcome === 'not-checked')",
    'false',
  ),
  own('every hang is the subject’s', 'process-end.ts', 'isTheHosts(attempt, process, record)', 'false'),
  own('every hang is the host’s', 'process-end.ts', 'isTheHosts(attempt, process, record)', 'true'),
  own(
    'ends that are not told passed over',
    'settled.ts',
    '...places.flatMap(({ place }) => endsNotTaken(attempt, place)),',
    '',
  ),
  own(
    'attempts side by side passed over',
    'paced.ts',
    'const overlaps = sideBySide(attempt);',
    'const overlaps: Finding[] = [];',
  ),
  own(
    'clients that give up passed over',
    'paced.ts',
    'const early = gaveUpEarly(attempt, pauses);',
    'const early: Finding[] = [];',
  ),
  own('time on a core passed over', 'consumption.ts', 'spentMs > expectation.atMostMs', 'false'),
  own('answers owed at an end passed over', 'half-close.ts', '...abandoned(attempt, place)', ''),
  own('service broken again is waited for', 'recovered.ts', 'if (isBrokenAgain(', 'if (false && isBrokenAgain('),
  own(
    'no tolerance',
    'tolerance.ts',
    'forBound: (boundMs) => Math.min(allowanceMs, cap(boundMs))',
    'forBound: () => 0',
  ),
  own(
    'tolerance without end',
    'tolerance.ts',
    'forBound: (boundMs) => Math.min(allowanceMs, cap(boundMs))',
    'forBound: () => 1e9',
  ),
  own(
    'no stall explains anything',
    'tolerance.ts',
    'return waitedMs > cap(boundMs) &&',
    'return false && waitedMs > cap(boundMs) &&',
  ),
  own(
    'a stall explains everything',
    'tolerance.ts',
    'return waitedMs > cap(boundMs) &&',
    'return true || waitedMs > cap(boundMs) &&',
  ),
];

function own(name: string, file: string, from: string, to: string): Mutant {
  return { name, file, from, to };
}

/** Each file that holds an invariant gives two mutants. */
async function invariantMutants(): Promise<Mutant[]> {
  const folder = join(ROOT, 'harness/judge');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const mutants = await Promise.all(
    files.map(async (file): Promise<Mutant[]> => {
      const source = await readFile(join(folder, file), 'utf8');
      const name = /: Invariant = \{\n {2}name: '([^']+)'/.exec(source)?.[1];
      if (name === undefined) return [];
      return [own(`${name} removed`, file, QUESTION, REMOVED), own(`${name} inverted`, file, QUESTION, INVERTED)];
    }),
  );
  return mutants.flat();
}

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
  await writeFile(path, source.replace(from, to));
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
  const all = [...(await invariantMutants()), ...OWN];
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
