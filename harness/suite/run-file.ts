/**
 * Keeps `run.json` true while a run goes on, so that a killed run can still be read.
 */
import { rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { countVerdicts } from '../evidence/counts.ts';
import { detectionTable } from '../evidence/detection.ts';
import { RUN_FILES } from '../evidence/folder.ts';
import type { Result, Run } from '../evidence/run.ts';
import { writeJson } from '../evidence/write-json.ts';
import { messageOf } from '../run/run-error.ts';
import { makeFolder } from './make-folder.ts';
import { UsageError } from './usage-error.ts';

/** How stale the file may be while results come in: writing it whole for each of thousands would cost more than running them. */
const WRITE_EVERY_MS = 250;

/** Exit statuses, see `exit-status.ts`. */
const SETUP_ERROR = 3;
const INTERRUPTED = 130;

export class RunFile {
  readonly folder: string;
  readonly #run: Run;
  readonly #startedMs = performance.now();
  #writtenMs = 0;
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
    seed: string,
    command: readonly string[],
    kind: 'suite' | 'mutants' = 'suite',
  ): Promise<RunFile> {
    const startedAt = new Date();
    const moment = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}-${process.pid}`;
    const name = kind === 'suite' ? moment : `mutants-${moment}`;
    const folder = resolve(reports, name);
    const run: Run = {
      schema: 1,
      run: name,
      seed,
      startedAt: startedAt.toISOString(),
      durationMs: 0,
      exitStatus: null,
      command: [...command],
      counts: countVerdicts([]),
      results: [],
    };
    try {
      await makeFolder(folder);
      const file = new RunFile(folder, run);
      await file.#write();
      if (file.#problem !== null) throw new Error(file.#problem);
      if (kind === 'suite') await pointLatest(reports, name);
      return file;
    } catch (error) {
      throw new UsageError(
        `the report folder ${reports} cannot be written: ${messageOf(error)}. Name another with --report DIR.`,
        { cause: error },
      );
    }
  }

  /** Adds one result. */
  async add(result: Result): Promise<void> {
    this.#run.results.push(result);
    if (performance.now() - this.#writtenMs >= WRITE_EVERY_MS) await this.#write();
  }

  /** The run as it stands. */
  snapshot(): Run {
    const durationMs = Math.round(performance.now() - this.#startedMs);
    const { results } = this.#run;
    return { ...this.#run, durationMs, counts: countVerdicts(results), detection: detectionTable(results) };
  }

  /** Writes the exit status: the run is over. A run that could not be written down is no sound run, whatever came of it. */
  async finish(exitStatus: number): Promise<Run> {
    this.#run.exitStatus = exitStatus;
    await this.#write();
    if (this.#problem !== null && exitStatus < INTERRUPTED) this.#run.exitStatus = SETUP_ERROR;
    return this.snapshot();
  }

  /** Why the file is not what it should be; `null` where it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Never throws: the run goes on, and its end tells that the file could not be written. */
  async #write(): Promise<void> {
    this.#writtenMs = performance.now();
    try {
      await writeJson(join(this.folder, RUN_FILES.run), this.snapshot());
      this.#problem = null;
    } catch (error) {
      this.#problem = `${RUN_FILES.run} could not be written: ${messageOf(error)}`;
    }
  }
}

/** `latest` is a convenience: where links can't be made, the run stands without it. */
async function pointLatest(reports: string, name: string): Promise<void> {
  const link = join(reports, 'latest');
  await rm(link, { force: true });
  await symlink(name, link, 'dir').catch(() => undefined);
}
