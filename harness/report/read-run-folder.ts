/**
 * Reads a run folder, in whatever state it was left, into the values the report is made of.
 *
 * Owns what of an attempt is shown; a run without a usable `run.json` is `read-run.ts`.
 */
import { open, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';

import type { Role } from '../contract/words.ts';
import { ATTEMPT_FILES, logFile, RUN_FILES } from '../evidence/folder.ts';
import { mutantsSchema } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import { readAnyEvidence, readJson } from '../evidence/read-evidence.ts';
import { readStoredRun } from '../evidence/read-run.ts';
import { verdictSchema } from '../evidence/verdict.ts';
import type { AttemptRecord, LogTail, RunRecord } from './run-folder.ts';

const LOG_TAIL_BYTES = 8_192;

/**
 * Reads `run.json` and what stands beside it, in whatever state they are.
 *
 * @throws {EvidenceError} where there is nothing of a run at all
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const environment = await readFile(join(folder, RUN_FILES.environment), 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => null);
  const { mutants, unread } = await readMutants(folder);
  const { run, problems } = await readStoredRun(folder);
  return { run, ended: run.exitStatus !== null, environment, mutants, problems: [...unread, ...problems] };
}

async function readMutants(folder: string): Promise<{ mutants: Mutants | null; unread: readonly string[] }> {
  try {
    return { mutants: await readJson(join(folder, RUN_FILES.mutants), mutantsSchema), unread: [] };
  } catch (error) {
    if (isMissing(error)) return { mutants: null, unread: [] };
    const what = reason(error).replaceAll(`${folder}${sep}`, '');
    return { mutants: null, unread: [`${what}; a fail of this run may be that of a seeded bug, which is hoped for`] };
  }
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
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
  const tail = (role: Role): Promise<LogTail | null> => readLogTail(join(place, logFile(role))).catch(() => null);
  const [server, client] = await Promise.all([tail('server'), tail('client')]);
  return { server, client };
}

/** The end of a log. */
export async function readLogTail(path: string): Promise<LogTail> {
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

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
