/**
 * Runs jobs in parallel cells, each cell one job at a time.
 *
 * Owns opening, replacing and closing cells; who has one next is `turns.ts`, when it may begin `admission.ts`, what happens in
 * a cell `run-job.ts`.
 */
import type { Cell } from '../run/cell.ts';
import { Admission } from './admission.ts';
import { Turns } from './turns.ts';
import type { Turn } from './turns.ts';

/** Opens the cell of a number, from 1. */
export type OpenCell = (number: number, signal: AbortSignal) => Promise<Cell>;

/** A job at work: by turns in a cell and beside the cells, until it has come to its outcome. */
export interface Task<Outcome> {
  /** Its cell is for nobody else until it has come to its outcome, and been told. */
  readonly keepsCell: boolean;
  /** What needs a cell; must not throw. */
  run(cell: Cell): Promise<void>;
  /** What needs none, so that another job has it meanwhile. `null`: it has to run once more. Must not throw. */
  conclude(): Promise<Outcome | null>;
}

/** A task that keeps its cell until it has come to its outcome. */
export function inOneGo<Outcome>(run: (cell: Cell) => Promise<Outcome>): Task<Outcome> {
  const outcome = Promise.withResolvers<Outcome>();
  return {
    keepsCell: true,
    run: async (cell) => outcome.resolve(await run(cell)),
    conclude: () => outcome.promise,
  };
}

/** What is worked through: jobs of any kind, each with what comes of it. */
export interface PoolWork<Job, Outcome> {
  readonly jobs: readonly Job[];
  readonly cells: number;
  readonly open: OpenCell;
  /** Whether nothing else of this run may be at work while it is in a cell. Absent: none needs that. */
  readonly needsQuiet?: (job: Job) => boolean;
  /** Begins a job. */
  readonly begin: (job: Job) => Task<Outcome>;
  readonly onStart: (job: Job, cellNumber: number) => void;
  /** Told of each outcome as it comes. Returning `false` starts no further job. */
  readonly onOutcome: (job: Job, outcome: Outcome) => Promise<boolean>;
}

/**
 * Works through the jobs, which begin in order.
 *
 * @throws what opening a cell throws; jobs not yet begun are then left
 */
export async function runPool<Job, Outcome>(work: PoolWork<Job, Outcome>, signal: AbortSignal): Promise<void> {
  await new Pool(work, signal).run();
}

class Pool<Job, Outcome> {
  readonly #work: PoolWork<Job, Outcome>;
  readonly #signal: AbortSignal;
  readonly #cells: number;
  readonly #turns: Turns<Job, Task<Outcome>>;
  readonly #admission = new Admission();
  readonly #failures: unknown[] = [];
  /** The end of the last conclusion, and of all before it. */
  #concluded = Promise.resolve();

  constructor(work: PoolWork<Job, Outcome>, signal: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
    this.#cells = Math.min(work.cells, work.jobs.length);
    this.#turns = new Turns(work.jobs, this.#cells, signal);
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#cells }, (_, index) => this.#workIn(index + 1)));
    if (this.#failures.length > 0 && !this.#signal.aborted) throw this.#failures[0];
  }

  /** One cell's work, from its opening to its end. */
  async #workIn(number: number): Promise<void> {
    let cell: Cell | null = null;
    for (let turn = await this.#turns.next(); turn !== null; turn = await this.#turns.next()) {
      const before: Cell | null = cell;
      cell = null;
      try {
        cell = await this.#usable(number, before);
        const task = await this.#give(cell, number, turn);
        if (task?.keepsCell === true) await this.#concluded;
      } catch (error) {
        this.#fail(error);
        this.#turns.over();
      }
    }
    await this.#close(cell).catch((error: unknown) => this.#fail(error));
  }

  /** The cell that there was, or another in its place. */
  async #usable(number: number, before: Cell | null): Promise<Cell> {
    using _tending = await this.#admission.tend(this.#signal);
    if (before !== null && (await before.isSound())) return before;
    await before?.[Symbol.asyncDispose]();
    return await this.#work.open(number, this.#signal);
  }

  async #close(cell: Cell | null): Promise<void> {
    using _tending = await this.#admission.tend(this.#signal);
    await cell?.[Symbol.asyncDispose]();
  }

  /** The task that had the cell; `null`: none had, as the run was to end. */
  async #give(
    cell: Cell,
    number: number,
    { job, task: begun }: Turn<Job, Task<Outcome>>,
  ): Promise<Task<Outcome> | null> {
    using _admitted = await this.#admission.enter(this.#work.needsQuiet?.(job) ?? false, this.#signal);
    if (begun === null) {
      if (this.#signal.aborted) {
        this.#turns.over();
        return null;
      }
      this.#work.onStart(job, number);
    }
    const task = begun ?? this.#work.begin(job);
    await task.run(cell);
    // Begun before this admission ends: a job that waits for quiet waits for it too.
    this.#concluded = this.#conclude(job, task, this.#concluded);
    return task;
  }

  /** One after another, so that outcomes come in the order in which they were there to be made out. */
  async #conclude(job: Job, task: Task<Outcome>, before: Promise<void>): Promise<void> {
    using _tending = await this.#admission.tend(this.#signal);
    await before;
    try {
      const outcome = await task.conclude();
      if (outcome === null) return this.#turns.again({ job, task });
      if (!(await this.#work.onOutcome(job, outcome))) this.#turns.stop();
    } catch (error) {
      this.#fail(error);
    }
    this.#turns.over();
  }

  #fail(error: unknown): void {
    this.#failures.push(error);
    this.#turns.stop();
  }
}
