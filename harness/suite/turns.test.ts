import { expect, test } from 'vitest';

import { Turns } from './turns.ts';

const { signal } = new AbortController();

/** What the next turn is: a job, `null` for none, or still to come. */
async function nextOf(turns: Turns<string, string>): Promise<string | null | undefined> {
  let next: string | null | undefined;
  void turns.next().then((turn) => (next = turn === null ? null : `${turn.job}${turn.task ?? ''}`));
  for (let microtask = 0; microtask < 20; microtask += 1) await Promise.resolve();
  return next;
}

test('jobs have their turns in order, those that need a cell once more before them', async () => {
  const turns = new Turns<string, string>(['a', 'b', 'c', 'd'], 2, signal);
  expect([await nextOf(turns), await nextOf(turns)]).toEqual(['a', 'b']);
  turns.again({ job: 'b', task: ' again' });
  turns.again({ job: 'a', task: ' again' });
  expect([await nextOf(turns), await nextOf(turns), await nextOf(turns)]).toEqual(['b again', 'a again', 'c']);
});

test('for each cell two jobs are under way at most: the next begins once one of them is over', async () => {
  const turns = new Turns<string, string>(['a', 'b', 'c'], 1, signal);
  expect([await nextOf(turns), await nextOf(turns)]).toEqual(['a', 'b']);
  const third = turns.next();
  expect(await Promise.race([third, Promise.resolve('to come')])).toBe('to come');
  turns.over();
  expect(await third).toEqual({ job: 'c', task: null });
});

test('a cell has no more to do once there are more of them than jobs, one that may need it once more counted', async () => {
  const turns = new Turns<string, string>(['a', 'b'], 2, signal);
  expect([await nextOf(turns), await nextOf(turns)]).toEqual(['a', 'b']);
  const [one, other] = [turns.next(), turns.next()];
  turns.over();
  expect(await one).toBeNull();
  turns.again({ job: 'b', task: ' again' });
  expect(await other).toEqual({ job: 'b', task: ' again' });
  turns.over();
  expect(await nextOf(turns)).toBeNull();
});

test('once it is stopped, or interrupted, only what has begun has a turn', async () => {
  const stop = new AbortController();
  const [stopped, interrupted] = [signal, stop.signal].map((each) => new Turns<string, string>(['a', 'b'], 1, each));
  for (const turns of [stopped, interrupted]) expect(await nextOf(turns as Turns<string, string>)).toBe('a');
  stopped?.stop();
  stop.abort();
  for (const turns of [stopped, interrupted]) {
    turns?.again({ job: 'a', task: ' again' });
    expect(await nextOf(turns as Turns<string, string>)).toBe('a again');
    turns?.over();
    expect(await nextOf(turns as Turns<string, string>)).toBeNull();
  }
});
