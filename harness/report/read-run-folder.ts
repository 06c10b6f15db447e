/**
 * Reads a run folder, in whatever state it was left, into the values the report is made of.
 *
 * Owns the limits and the salvage: results that cannot be read are said, not dropped in silence, and without a usable
 * `run.json` the attempts' own files tell what was done.
 */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';

import * as v from 'valibot';

import type { Role } from '../contract/words.ts';
import { countVerdicts } from '../evidence/counts.ts';
import { detectionTable } from '../evidence/detection.ts';
import { ATTEMPT_FILES, logFile, RUN_FILES } from '../evidence/folder.ts';
import { mutantsSchema } from '../evidence/mutants.ts';
import { planFrameSchema } from '../evidence/plan.ts';
import { EvidenceError, readAnyEvidence, readJson } from '../evidence/read-evidence.ts';
import { resultSchema, runSchema } from '../evidence/run.ts';
import type { Result, Run } from '../evidence/run.ts';
import { verdictSchema } from '../evidence/verdict.ts';
import type { AttemptRecord, LogTail, RunRecord } from './run-folder.ts';

/** `run.json` of 20,000 results is about half of this. */
const MAX_RUN_BYTES = 64 * 1024 * 1024;
const LOG_TAIL_BYTES = 8_192;
const MOST_PROBLEMS = 50;

/**
 * Reads `run.json` and `environment.json`, in whatever state they are.
 *
 * @throws {EvidenceError} where there is nothing of a run at all: no stranger's folder is taken for an empty run
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const problems: string[] = [];
  const environment = await readFile(join(folder, RUN_FILES.environment), 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => null);
  const mutants = await readJson(join(folder, RUN_FILES.mutants), mutantsSchema).catch(() => null);
  if (!(await isFolder(folder))) throw new EvidenceError(`there is no run folder at ${folder}`);
  const raw = await readRaw(join(folder, RUN_FILES.run)).catch((error: unknown) => {
    problems.push(`${RUN_FILES.run} cannot be used (${reason(error)})`);
    return null;
  });
  const whole = v.safeParse(runSchema, raw);
  if (whole.success)
    return { run: whole.output, ended: whole.output.exitStatus !== null, environment, mutants, problems };
  const results = raw === null ? await salvageResults(folder) : soundResults(raw, problems);
  if (raw === null && results.length === 0) throw new EvidenceError(`${folder} holds no run: ${problems.join()}`);
  if (raw === null) problems.push("what follows is told from the attempts' own files");
  return { run: partialRun(raw, folder, results), ended: false, environment, mutants, problems };
}

async function readRaw(path: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > MAX_RUN_BYTES) throw new Error(`it has ${size} bytes`);
  return JSON.parse(await readFile(path, 'utf8'));
}

/** The results of a `run.json` that are sound, the rest noted. */
function soundResults(raw: unknown, problems: string[]): Result[] {
  const list: unknown[] = isRecord(raw) && Array.isArray(raw['results']) ? raw['results'] : [];
  return list.flatMap((value, index) => {
    const result = v.safeParse(resultSchema, value);
    if (result.success) return [result.output];
    if (problems.length < MOST_PROBLEMS)
      problems.push(`result ${index + 1} of ${RUN_FILES.run}: ${result.issues[0].message}`);
    return [];
  });
}

function partialRun(raw: unknown, folder: string, results: readonly Result[]): Run {
  const text = (key: string, fallback: string): string =>
    isRecord(raw) && typeof raw[key] === 'string' ? raw[key] : fallback;
  return {
    schema: 1,
    run: text('run', normalize(folder).split(sep).filter(Boolean).at(-1) ?? 'run'),
    seed: text('seed', 'unknown'),
    startedAt: text('startedAt', 'unknown'),
    durationMs: isRecord(raw) && typeof raw['durationMs'] === 'number' ? raw['durationMs'] : 0,
    exitStatus: null,
    command: [],
    counts: countVerdicts(results),
    results: [...results],
    detection: detectionTable(results),
  };
}

/** The results that the attempts' folders themselves tell of. */
async function salvageResults(folder: string): Promise<Result[]> {
  const entries = await readdir(join(folder, 'scenarios'), { recursive: true }).catch(() => []);
  const attempts = entries.filter((entry) => entry.endsWith(`${sep}${ATTEMPT_FILES.plan}`)).sort();
  const results = await Promise.all(
    attempts.slice(0, 5_000).map((entry) => salvageResult(folder, join('scenarios', entry, '..'))),
  );
  return results.filter((result) => result !== null);
}

async function salvageResult(folder: string, path: string): Promise<Result | null> {
  const plan = await readJson(join(folder, path, ATTEMPT_FILES.plan), planFrameSchema).catch(() => null);
  if (plan === null) return null;
  const judged = await readJson(join(folder, path, ATTEMPT_FILES.verdict), verdictSchema).catch(() => null);
  const { scenario, claim, cell, proxy, server, client, variant, waitsMs } = plan;
  const verdict = judged?.verdict ?? 'interrupted';
  const why = judged?.reason ?? 'the run ended before this attempt was judged';
  const evidence = path.split(sep).join('/');
  return {
    scenario,
    claim,
    cell,
    proxy,
    server,
    client,
    variant,
    waitsMs,
    verdict,
    evidence,
    repetition: 1,
    reason: why,
    unknownReason: judged?.unknownReason ?? null,
    attempts: [{ verdict, reason: why, evidence, durationMs: 0 }],
    durationMs: 0,
    ...(judged?.encounters === undefined ? {} : { encounters: judged.encounters }),
  };
}

/**
 * Reads one attempt as far as it goes.
 *
 * @param path of its folder, relative to the run's, as `run.json` says
 * @returns null where there is no such folder, or the path leads out of the run's
 */
export async function readAttempt(folder: string, path: string): Promise<AttemptRecord | null> {
  const inside = normalize(path);
  if (isAbsolute(inside) || inside.split(sep).includes('..')) return null;
  const place = join(folder, inside);
  const problems: string[] = [];
  // Where the run's folder lies is nobody's business, and differs from machine to machine.
  const local = (text: string): string => text.replaceAll(`${place}${sep}`, '');
  const noted = (error: unknown): null => {
    problems.push(local(reason(error)));
    return null;
  };
  const [evidence, verdict, logs] = await Promise.all([
    readAnyEvidence(place).then((read) => ({ ...read, damage: read.damage.map(local) }), noted),
    readJson(join(place, ATTEMPT_FILES.verdict), verdictSchema).catch(noted),
    readLogs(place),
  ]);
  const nothing = evidence === null && verdict === null && logs.server === null && logs.client === null;
  return nothing && !(await isFolder(place)) ? null : { folder: path, evidence, verdict, logs, problems };
}

async function readLogs(place: string): Promise<Record<Role, LogTail | null>> {
  const tail = (role: Role): Promise<LogTail | null> => readTail(join(place, logFile(role))).catch(() => null);
  const [server, client] = await Promise.all([tail('server'), tail('client')]);
  return { server, client };
}

async function readTail(path: string): Promise<LogTail> {
  await using file = await open(path);
  const buffer = Buffer.allocUnsafe(LOG_TAIL_BYTES);
  const begin = await file.read(buffer, 0, LOG_TAIL_BYTES, 0);
  // Most logs are short, and read to their end by now.
  if (begin.bytesRead < LOG_TAIL_BYTES) return { text: buffer.toString('utf8', 0, begin.bytesRead), omittedBytes: 0 };
  const { size } = await file.stat();
  const omittedBytes = Math.max(0, size - LOG_TAIL_BYTES);
  const { bytesRead } = await file.read(buffer, 0, LOG_TAIL_BYTES, omittedBytes);
  return { text: buffer.toString('utf8', 0, bytesRead), omittedBytes };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
