/**
 * Reads the run of a run folder, in whatever state it was left.
 *
 * Owns the limits and the salvage: results that cannot be read are said, not dropped in silence, and without a usable
 * `run.json` the attempts' own files tell what was done.
 */
import { readFile, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';

import * as v from 'valibot';

import { countVerdicts } from './counts.ts';
import { detectionTable } from './detection.ts';
import { RUN_FILES } from './folder.ts';
import { EvidenceError } from './read-evidence.ts';
import { resultSchema, runSchema } from './run.ts';
import type { Result, Run } from './run.ts';
import { salvage, seedAmong } from './salvage.ts';

/** `run.json` of 20,000 results is about half of this. */
const MAX_RUN_BYTES = 64 * 1024 * 1024;
const MOST_PROBLEMS = 50;
const UNKNOWN = 'unknown';

export interface StoredRun {
  readonly run: Run;
  /** False: `run.json` lacks something of this, or there is none. */
  readonly isWhole: boolean;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads `run.json`, or what can be told without it.
 *
 * @throws {EvidenceError} where there is nothing of a run at all: no stranger's folder is taken for an empty run
 */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  if (!(await isFolder(folder))) throw new EvidenceError(`there is no run folder at ${folder}`);
  const problems: string[] = [];
  const raw = await readRaw(join(folder, RUN_FILES.run)).catch((error: unknown) => {
    problems.push(`${RUN_FILES.run} cannot be used (${error instanceof Error ? error.message : String(error)})`);
    return null;
  });
  const whole = v.safeParse(runSchema, raw);
  if (whole.success) return { run: whole.output, isWhole: true, problems };
  if (raw !== null) return { run: await withSeed(folder, partialRun(raw, folder, problems)), isWhole: false, problems };
  const { results, seed, problems: unread } = await salvage(folder);
  problems.push(...unread.slice(0, MOST_PROBLEMS));
  if (results.length === 0) throw new EvidenceError(`${folder} holds no run: ${problems.join(', ')}`);
  problems.push("what follows is told from the attempts' own files");
  return { run: bareRun({}, folder, results, seed ?? UNKNOWN), isWhole: false, problems };
}

type Raw = Readonly<Record<string, unknown>> & { readonly results: readonly unknown[] };

async function readRaw(path: string): Promise<Raw> {
  const { size } = await stat(path);
  if (size > MAX_RUN_BYTES) throw new Error(`it has ${size} bytes`);
  const raw: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof raw === 'object' && raw !== null && 'results' in raw && Array.isArray(raw.results)) return raw as Raw;
  throw new Error('it is JSON, but no run');
}

/** The run with those of its results that are sound, the rest noted. */
function partialRun(raw: Raw, folder: string, problems: string[]): Run {
  const results = raw.results.flatMap((value, index) => {
    const result = v.safeParse(resultSchema, value);
    if (result.success) return [result.output];
    const [issue] = result.issues;
    if (problems.length < MOST_PROBLEMS)
      problems.push(`result ${index + 1} of ${RUN_FILES.run}: ${v.getDotPath(issue) ?? 'value'}: ${issue.message}`);
    return [];
  });
  return bareRun(raw, folder, results, textOf(raw, 'seed', UNKNOWN));
}

/** The plans know the seed too, by which each case can be run again. */
async function withSeed(folder: string, run: Run): Promise<Run> {
  if (run.seed !== UNKNOWN) return run;
  const paths = run.results.flatMap(({ attempts }) => attempts.map(({ evidence }) => evidence));
  return { ...run, seed: (await seedAmong(folder, paths)) ?? UNKNOWN };
}

function bareRun(
  raw: Readonly<Record<string, unknown>>,
  folder: string,
  results: readonly Result[],
  seed: string,
): Run {
  return {
    schema: 1,
    run: textOf(raw, 'run', normalize(folder).split(sep).filter(Boolean).at(-1) ?? 'run'),
    seed,
    startedAt: textOf(raw, 'startedAt', UNKNOWN),
    durationMs: typeof raw['durationMs'] === 'number' ? raw['durationMs'] : 0,
    exitStatus: null,
    command: [],
    counts: countVerdicts(results),
    results: [...results],
    detection: detectionTable(results),
  };
}

function textOf(raw: Readonly<Record<string, unknown>>, key: string, fallback: string): string {
  return typeof raw[key] === 'string' ? raw[key] : fallback;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
