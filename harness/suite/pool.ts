/**
 * Runs jobs in parallel cells, each cell one job at a time.
 *
 * Owns opening, replacing and closing cells; when a job may begin is `admission.ts`, what happens in a cell `run-job.ts`.
 */
import type { Cell } from '../run/cell.ts';
import { Admission } from './admission.ts';

/** Opens the cell of a number, from 1. */
export type OpenCell = (number: number, signal: AbortSignal) => Promise<Cell>;

/** What is worked through: jobs of any kind, each with what comes of it. */
export interface PoolWork<Job, Outcome> {
  readonly jobs: readonly Job[];
  readonly cells: number;
  readonly open: OpenCell;
  /** Whether nothing else of this run may be at work meanwhile. Absent: none needs that. */
  readonly needsQuiet?: (job: Job) => boolean;
  /** Runs one job in a cell; must not throw. */
  readonly run: (job: Job, cell: Cell) => Promise<Outcome>;
  readonly onStart: (job: Job, cellNumber: number) => void;
  /** Told of each outcome as it comes. Returning `false` starts no further job. */
  readonly onOutcome: (job: Job, outcome: Outcome) => Promise<boolean>;
}

/**
 * Works through the jobs in order.
 *
 * @throws what opening a cell throws; jobs not yet begun are then left
 */
export async function runPool<Job, Outcome>(work: PoolWork<Job, Outcome>, signal: AbortSignal): Promise<void> {
  const queue = [...work.jobs];
  const admission = new Admission();
  let stopped = false;
  const closed = async (cell: Cell | null): Promise<void> => {
    using _tending = await admission.tend(signal);
    await cell?.[Symbol.asyncDispose]();
  };
  /** The cell that there was, or another in its place. */
  const usable = async (number: number, before: Cell | null): Promise<Cell> => {
    using _tending = await admission.tend(signal);
    if (before !== null && (await before.isSound())) return before;
    await before?.[Symbol.asyncDispose]();
    return await work.open(number, signal);
  };
  const worker = async (number: number): Promise<void> => {
    let cell: Cell | null = null;
    try {
      while (!stopped && !signal.aborted) {
        const job = queue.shift();
        if (job === undefined) return;
        const before = cell;
        cell = null;
        cell = await usable(number, before);
        using _admitted = await admission.enter(work.needsQuiet?.(job) ?? false, signal);
        if (signal.aborted) return;
        work.onStart(job, number);
        const goOn = await work.onOutcome(job, await work.run(job, cell));
        if (!goOn) stopped = true;
      }
    } catch (error) {
      stopped = true;
      throw error;
    } finally {
      await closed(cell);
    }
  };
  const workers = Array.from({ length: Math.min(work.cells, queue.length) }, (_, index) => worker(index + 1));
  const settled = await Promise.allSettled(workers);
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined && !signal.aborted) throw failed.reason;
}
