/**
 * Keeps `run.json` true while a run goes on, so that a killed run can still be read, and one that has filled its disk.
 *
 * Owns how stale the file may be, and the room that is kept for it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { countVerdicts } from '../evidence/counts.ts';
import { detectionTable } from '../evidence/detection.ts';
import { RUN_FILES } from '../evidence/folder.ts';
import { makeFolder } from '../evidence/make-folder.ts';
import type { Result, Run, Shard } from '../evidence/run.ts';
import { writeJson } from '../evidence/write-json.ts';
import { messageOf } from '../run/run-error.ts';
import { UsageError } from './usage-error.ts';

/** How stale the file may be while results come in: writing it whole for each of thousands would cost more than running them. */
const WRITE_EVERY_MS = 250;

/** What a result takes in the file, its attempts' reasons included, and what the rest of it does. */
const RESULT_BYTES = 2048;
const FRAME_BYTES = 8 * 1024;

export class RunFile {
  readonly folder: string;
  readonly #run: Run;
  readonly #startedMs = performance.now();
  #writtenMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #due: NodeJS.Timeout | null = null;
  #problem: string | null = null;

  private constructor(folder: string, run: Run) {
    this.folder = folder;
    this.#run = run;
  }

  /**
   * Makes the run's folder below `reports` and points `latest` at it: not at a run of seeded bugs, whose failures are
   * nobody's news.
   *
   * @throws {UsageError} where the folder can't be written
   */
  static async create(
    reports: string,
    { seed, command, expected, shard = null }: RunBeginning,
    kind: 'suite' | 'mutants' = 'suite',
  ): Promise<RunFile> {
    const startedAt = new Date();
    const moment = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}-${process.pid}`;
    try {
      const name = await makeOwnFolder(reports, kind === 'suite' ? moment : `mutants-${moment}`);
      const folder = resolve(reports, name);
      const run: Run = {
        schema: 1,
        run: name,
        seed,
        startedAt: startedAt.toISOString(),
        durationMs: 0,
        exitStatus: null,
        ...(shard === null ? {} : { shard }),
        command: [...command],
        counts: countVerdicts([]),
        results: [],
      };
      const file = new RunFile(folder, run);
      await file.#write();
      if (file.#problem !== null) throw new Error(file.#problem);
      await file.#keepRoom(FRAME_BYTES + expected * RESULT_BYTES);
      if (kind === 'suite') await pointLatest(reports, name);
      return file;
    } catch (error) {
      throw notWritable(reports, error);
    }
  }

  /** Adds one result. It is in the file at once, or soon where others came just before. */
  async add(result: Result): Promise<void> {
    this.#run.results.push(result);
    const sinceMs = performance.now() - this.#writtenMs;
    if (sinceMs >= WRITE_EVERY_MS) await this.#write();
    else this.#due ??= setTimeout(() => void this.#write(), WRITE_EVERY_MS - sinceMs);
  }

  /** The run as it stands. */
  snapshot(): Run {
    const durationMs = Math.round(performance.now() - this.#startedMs);
    const { results } = this.#run;
    return { ...this.#run, durationMs, counts: countVerdicts(results), detection: detectionTable(results) };
  }

  /**
   * Writes the exit status: the run is over. A run that could not be written down, or that left things behind, is no sound
   * run, whatever came of it.
   *
   * @param statusOf the run as it stands, its problem included
   * @param leftBehind why tidying up failed; null: it did not
   */
  async finish(statusOf: (run: Run) => number | null, leftBehind: string | null = null): Promise<Run> {
    this.#conclude(statusOf, leftBehind);
    await rm(this.#reserve, { force: true });
    await this.#write();
    this.#conclude(statusOf, this.#problem);
    this.#problem ??= leftBehind;
    return this.snapshot();
  }

  #conclude(statusOf: (run: Run) => number | null, problem: string | null): void {
    if (problem !== null) this.#run.problem = problem;
    this.#run.exitStatus = statusOf(this.#run);
  }

  /** Why the file is not what it should be, or what was left behind at the end; `null`: all is well. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Never throws: the run goes on, and its end tells that the file could not be written. */
  #write(): Promise<void> {
    clearTimeout(this.#due ?? undefined);
    this.#due = null;
    this.#writtenMs = performance.now();
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    try {
      await writeJson(join(this.folder, RUN_FILES.run), this.snapshot());
      this.#problem = null;
    } catch (error) {
      this.#problem = `${RUN_FILES.run} could not be written: ${messageOf(error)}`;
    }
  }

  get #reserve(): string {
    return join(this.folder, `${RUN_FILES.run}.reserve`);
  }

  /** A run may fill its disk with evidence: what came of it is then written where this lay. A disk too small for it has none. */
  async #keepRoom(bytes: number): Promise<void> {
    await writeFile(this.#reserve, randomBytes(bytes)).catch(() => rm(this.#reserve, { force: true }));
  }
}

/** What is known of a run before its first result. */
export interface RunBeginning {
  readonly seed: string;
  readonly command: readonly string[];
  /** How many results are to come. */
  readonly expected: number;
  /** The part of a larger run that it is; null or absent: it is whole. */
  readonly shard?: Shard | null;
}

/** The report folder cannot be used. */
export function notWritable(reports: string, cause: unknown): UsageError {
  return new UsageError(
    `the report folder ${reports} cannot be written: ${messageOf(cause)}. Name another with --report DIR.`,
    { cause },
  );
}

/** One process can begin several runs in a second: each has a folder of its own. */
async function makeOwnFolder(reports: string, name: string): Promise<string> {
  await makeFolder(resolve(reports));
  for (let nth = 1; ; nth += 1) {
    const own = nth === 1 ? name : `${name}-${nth}`;
    try {
      await mkdir(resolve(reports, own));
      return own;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** `latest` is a convenience: where links can't be made, the run stands without it. */
async function pointLatest(reports: string, name: string): Promise<void> {
  const link = join(reports, 'latest');
  await rm(link, { force: true })
    .then(() => symlink(name, link, 'dir'))
    .catch(() => undefined);
}
