/**
 * Whose turn it is to have a cell.
 *
 * Owns the order, which is the one that is given, with those before it that need a cell once more; how many may be under
 * way at once; and when a cell has no more to do.
 */

/** A job that is to have a cell, with the task that it has become; `null`: it has not begun. */
export interface Turn<Job, Task> {
  readonly job: Job;
  readonly task: Task | null;
}

/** For each job in a cell there may be one more that has left its own and is not over. */
const UNDER_WAY_PER_CELL = 2;

export class Turns<Job, Task> {
  readonly #left: Job[];
  readonly #again: Turn<Job, Task>[] = [];
  readonly #most: number;
  readonly #signal: AbortSignal;
  /** Cells that are still to have a job. */
  #cells: number;
  /** Jobs that have had a turn and are not over. */
  #underWay = 0;
  #changed = Promise.withResolvers<void>();

  /** @param signal once it is aborted no job is begun */
  constructor(jobs: readonly Job[], cells: number, signal: AbortSignal) {
    this.#left = [...jobs];
    this.#most = UNDER_WAY_PER_CELL * cells;
    this.#signal = signal;
    this.#cells = cells;
  }

  /** Waits for the job that a free cell is for; `null` for a cell that no job is left for, which then never asks again. */
  async next(): Promise<Turn<Job, Task> | null> {
    for (;;) {
      const again = this.#again.shift();
      if (again !== undefined) return again;
      if (this.#signal.aborted) this.#left.length = 0;
      const job = this.#underWay < this.#most ? this.#left.shift() : undefined;
      if (job !== undefined) {
        this.#underWay += 1;
        return { job, task: null };
      }
      // Each job that is under way may need a cell once more.
      if (this.#cells > this.#underWay + this.#left.length) {
        this.#cells -= 1;
        return null;
      }
      await this.#changed.promise;
    }
  }

  /** A job needs a cell once more, and has the next one that is free. */
  again(turn: Turn<Job, Task>): void {
    this.#again.push(turn);
    this.#tell();
  }

  /** A job that had a turn will have no other. */
  over(): void {
    this.#underWay -= 1;
    this.#tell();
  }

  /** Begins no further job. */
  stop(): void {
    this.#left.length = 0;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
