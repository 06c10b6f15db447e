import { expect, test } from 'vitest';

import type { Cell } from '../run/cell.ts';
import { inOneGo, runPool } from './pool.ts';
import type { PoolWork, Task } from './pool.ts';

/** Resolves when everything that can go on without a timer or another process has. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

function cellThatTells(number: number, told: string[]): Cell {
  const cell: Pick<Cell, 'isSound' | typeof Symbol.asyncDispose> = {
    isSound: () => Promise.resolve(true),
    [Symbol.asyncDispose]: () => {
      told.push(`cell ${number} closed`);
      return Promise.resolve();
    },
  };
  return cell as Cell;
}

test('a job that needs quiet runs while no cell is opened and none is closed', async () => {
  const told: string[] = [];
  const opening = Promise.withResolvers<void>();
  const quiet = Promise.withResolvers<void>();
  const open = async (number: number): Promise<Cell> => {
    if (number === 2) await opening.promise;
    told.push(`cell ${number} opened`);
    return cellThatTells(number, told);
  };
  const pool = runPool(
    {
      jobs: ['quiet', 'other'],
      cells: 2,
      open,
      needsQuiet: (job) => job === 'quiet',
      begin: (job) => inOneGo(() => (job === 'quiet' ? quiet.promise : Promise.resolve())),
      onStart: (job) => told.push(job),
      onOutcome: () => Promise.resolve(true),
    },
    new AbortController().signal,
  );
  await turns();
  expect(told).toEqual(['cell 1 opened']);
  opening.resolve();
  await turns();
  expect(told).toEqual(['cell 1 opened', 'cell 2 opened', 'quiet']);
  quiet.resolve();
  await pool;
  expect(told.slice(3)).toEqual(expect.arrayContaining(['other', 'cell 1 closed', 'cell 2 closed']));
});

test('a job that keeps its cell has been told before another begins there, so that it may be the last', async () => {
  const told: string[] = [];
  await runPool(
    {
      jobs: ['one', 'two'],
      cells: 1,
      open: (number) => Promise.resolve(cellThatTells(number, told)),
      begin: () => inOneGo(() => Promise.resolve()),
      onStart: (job) => told.push(job),
      onOutcome: async () => {
        await turns();
        return false;
      },
    },
    new AbortController().signal,
  );
  expect(told).toEqual(['one', 'cell 1 closed']);
});

test('a cell that has no more to do is not closed while a job that needs quiet is at work', async () => {
  const told: string[] = [];
  const last = Promise.withResolvers<void>();
  const pool = runPool(
    {
      jobs: ['first', 'last'],
      cells: 2,
      open: (number) => Promise.resolve(cellThatTells(number, told)),
      needsQuiet: () => true,
      begin: (job) => inOneGo(() => (job === 'last' ? last.promise : Promise.resolve())),
      onStart: (job) => told.push(job),
      onOutcome: () => Promise.resolve(true),
    },
    new AbortController().signal,
  );
  await turns();
  expect(told).toEqual(['first', 'last']);
  last.resolve();
  await pool;
  expect(told.slice(2)).toEqual(expect.arrayContaining(['cell 1 closed', 'cell 2 closed']));
});

/** Jobs whose steps last until the test ends them, and what was told of them. */
class Steps {
  readonly told: string[] = [];
  readonly #lasting = new Map<string, PromiseWithResolvers<boolean>>();
  #tells = Promise.withResolvers<void>();

  work(jobs: readonly string[], cells: number): PoolWork<string, string> {
    return {
      jobs,
      cells,
      open: (number) => Promise.resolve(cellThatTells(number, this.told)),
      begin: (job) => this.#task(job),
      onStart: (job, cell) => this.#tell(`${job} begins in ${cell}`),
      onOutcome: (job) => {
        this.#tell(`${job} is over`);
        return Promise.resolve(true);
      },
    };
  }

  /** Ends a step once it has come. */
  async end(step: string, { again = false } = {}): Promise<void> {
    await this.until(step);
    this.#lasting.get(step)?.resolve(again);
  }

  /** Waits until something was told. */
  async until(word: string): Promise<void> {
    while (!this.told.includes(word)) await this.#tells.promise;
  }

  #task(job: string): Task<string> {
    let nth = 0;
    return {
      keepsCell: false,
      run: async () => {
        nth += 1;
        await this.#lasts(`${job} runs ${nth}`);
      },
      conclude: async () => ((await this.#lasts(`${job} concludes ${nth}`)) ? null : job),
    };
  }

  async #lasts(step: string): Promise<boolean> {
    const lasting = Promise.withResolvers<boolean>();
    this.#lasting.set(step, lasting);
    this.#tell(step);
    return lasting.promise;
  }

  #tell(word: string): void {
    this.told.push(word);
    this.#tells.resolve();
    this.#tells = Promise.withResolvers();
  }
}

const { signal: never } = new AbortController();

test('a cell is free for the next job while what came of the last is made out, and outcomes come in that order', async () => {
  const steps = new Steps();
  const pool = runPool(steps.work(['one', 'other'], 1), never);
  await steps.end('one runs 1');
  await steps.end('other runs 1');
  await turns();
  await steps.end('one concludes 1');
  await steps.end('other concludes 1');
  await pool;
  expect(steps.told).toEqual([
    'one begins in 1',
    'one runs 1',
    'one concludes 1',
    'other begins in 1',
    'other runs 1',
    'one is over',
    'other concludes 1',
    'other is over',
    'cell 1 closed',
  ]);
});

test('a job that has to run once more has the next free cell, before those that have not begun', async () => {
  const steps = new Steps();
  const pool = runPool(steps.work(['one', 'two', 'three'], 1), never);
  await steps.end('one runs 1');
  await steps.end('one concludes 1', { again: true });
  for (const step of ['two runs 1', 'two concludes 1', 'one runs 2', 'one concludes 2']) await steps.end(step);
  for (const step of ['three runs 1', 'three concludes 1']) await steps.end(step);
  await pool;
  expect(steps.told.filter((word) => /runs|begins/.test(word))).toEqual([
    'one begins in 1',
    'one runs 1',
    'two begins in 1',
    'two runs 1',
    'one runs 2',
    'three begins in 1',
    'three runs 1',
  ]);
});

test('a job that needs quiet waits until what came of the others is made out', async () => {
  const steps = new Steps();
  const work = steps.work(['other', 'quiet'], 2);
  const open = async (number: number): Promise<Cell> => {
    if (number === 2) await steps.until('other runs 1');
    return work.open(number, never);
  };
  const pool = runPool({ ...work, open, needsQuiet: (job) => job === 'quiet' }, never);
  await steps.end('other runs 1');
  await steps.until('other concludes 1');
  await turns();
  expect(steps.told).not.toContain('quiet begins in 2');
  await steps.end('other concludes 1');
  await steps.end('quiet runs 1');
  await steps.end('quiet concludes 1');
  await pool;
  expect(steps.told.filter((word) => /over/.test(word))).toEqual(['other is over', 'quiet is over']);
});

test('where a cell cannot be opened nothing more is begun, and what is under way comes to its outcome', async () => {
  const steps = new Steps();
  const work = steps.work(['one', 'two', 'three'], 2);
  const open = async (number: number): Promise<Cell> => {
    if (number === 1) return work.open(number, never);
    await steps.until('one runs 1');
    throw new Error('no room');
  };
  const pool = runPool({ ...work, open }, never);
  await steps.end('one runs 1');
  await steps.end('one concludes 1', { again: true });
  await steps.end('one runs 2');
  await steps.end('one concludes 2');
  await expect(pool).rejects.toThrow('no room');
  expect(steps.told.filter((word) => /begins|over|closed/.test(word))).toEqual([
    'one begins in 1',
    'one is over',
    'cell 1 closed',
  ]);
});

test('an interrupted pool begins nothing more, and lets what has begun run to its end, also once more', async () => {
  const steps = new Steps();
  const stop = new AbortController();
  const pool = runPool(steps.work(['one', 'other'], 1), stop.signal);
  await steps.until('one runs 1');
  stop.abort();
  await steps.end('one runs 1');
  await steps.end('one concludes 1', { again: true });
  await steps.end('one runs 2');
  await steps.end('one concludes 2');
  await pool;
  expect(steps.told.filter((word) => /begins|over/.test(word))).toEqual(['one begins in 1', 'one is over']);
});
