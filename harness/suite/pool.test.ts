import { expect, test } from 'vitest';

import type { Cell } from '../run/cell.ts';
import { runPool } from './pool.ts';

/** Resolves when everything that can go on without a timer or another process has. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

function cellThatTells(number: number, told: string[]): Cell {
  const cell: Pick<Cell, typeof Symbol.asyncDispose> = {
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
      run: (job) => (job === 'quiet' ? quiet.promise : Promise.resolve()),
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

test('a cell that has no more to do is closed before a job that needs quiet is at work, or after it', async () => {
  const told: string[] = [];
  const last = Promise.withResolvers<void>();
  const pool = runPool(
    {
      jobs: ['first', 'last'],
      cells: 2,
      open: (number) => Promise.resolve(cellThatTells(number, told)),
      needsQuiet: () => true,
      run: (job) => (job === 'last' ? last.promise : Promise.resolve()),
      onStart: (job) => told.push(job),
      onOutcome: () => Promise.resolve(true),
    },
    new AbortController().signal,
  );
  await turns();
  expect(told).toEqual(['first', 'cell 1 closed', 'last']);
  last.resolve();
  await pool;
  expect(told.slice(3)).toEqual(['cell 2 closed']);
});
