import { expect, test } from 'vitest';

import { Admission } from './admission.ts';

const { signal } = new AbortController();
const spare = (): number => 1;

/** Whether it has come by now: everything that can go on without a timer has. */
async function hasCome(promise: Promise<unknown>): Promise<boolean> {
  let come = false;
  void promise.then(() => (come = true));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return come;
}

test('jobs run beside each other where the machine has time to spare', async () => {
  const admission = new Admission(spare);
  using _first = await admission.enter(false, signal);
  using _second = await admission.enter(false, signal);
  expect(_second).toBeDefined();
});

test('a job that needs quiet waits for all others, and all others for it', async () => {
  const admission = new Admission(spare);
  const first = await admission.enter(false, signal);
  const second = await admission.enter(false, signal);
  const alone = admission.enter(true, signal);
  const after = admission.enter(false, signal);
  first[Symbol.dispose]();
  expect(await hasCome(alone)).toBe(false);
  second[Symbol.dispose]();
  expect(await hasCome(after)).toBe(false);
  const own = await alone;
  expect(await hasCome(after)).toBe(false);
  own[Symbol.dispose]();
  using _last = await after;
  expect(_last).toBeDefined();
});

test('two that need quiet take turns', async () => {
  const admission = new Admission(spare);
  const one = await admission.enter(true, signal);
  const other = admission.enter(true, signal);
  expect(await hasCome(other)).toBe(false);
  one[Symbol.dispose]();
  using _other = await other;
  expect(_other).toBeDefined();
});

test('a cell is opened or closed while a job waits for quiet, which waits for that too, but not while it is at work', async () => {
  const admission = new Admission(spare);
  const beside = await admission.enter(false, signal);
  const alone = admission.enter(true, signal);
  const closing = await admission.tend(signal);
  beside[Symbol.dispose]();
  expect(await hasCome(alone)).toBe(false);
  closing[Symbol.dispose]();
  const own = await alone;
  const opening = admission.tend(signal);
  expect(await hasCome(opening)).toBe(false);
  own[Symbol.dispose]();
  using _opening = await opening;
  expect(_opening).toBeDefined();
});

test('none begins beside others while every core is busy, until one has time; and no longer than this run can help', async () => {
  let idle = 0;
  const admission = new Admission(() => idle);
  using _first = await admission.enter(false, signal);
  const second = admission.enter(false, signal);
  expect(await hasCome(second)).toBe(false);
  idle = 0.5;
  using _second = await second;
  idle = 0;
  const startedMs = performance.now();
  using _third = await admission.enter(false, signal);
  const waitedMs = performance.now() - startedMs;
  expect(waitedMs).toBeGreaterThan(400);
  expect(waitedMs).toBeLessThan(5000);
});

test('the first one begins however busy the machine is', async () => {
  const admission = new Admission(() => 0);
  const entering = admission.enter(false, signal);
  expect(await hasCome(entering)).toBe(true);
});

test('an interrupted run lets everybody in, to end', async () => {
  const stop = new AbortController();
  const admission = new Admission(() => 0);
  using _alone = await admission.enter(true, stop.signal);
  stop.abort();
  using _second = await admission.enter(false, stop.signal);
  expect(_second).toBeDefined();
});
