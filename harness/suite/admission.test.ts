import { expect, test } from 'vitest';

import { Admission } from './admission.ts';
import { IdleMeter } from './idle-meter.ts';
import type { CoreTimes } from './idle-meter.ts';

const { signal } = new AbortController();
const CORES = 2;

/** The counters of a machine whose time passes as it is told, or as ours does. */
class Machine {
  /** Which part of its time nobody uses. */
  idle: number;
  #now: CoreTimes = { atMs: 0, cores: CORES, idleMs: 600_000, allMs: 1_200_000 };
  #passedMs: number | null = null;
  #read = Promise.withResolvers<void>();
  /** How often the counters were read. */
  reads = 0;

  constructor(idle: number) {
    this.idle = idle;
  }

  pass(ms: number): void {
    const { atMs, idleMs, allMs } = this.#now;
    const onCoresMs = CORES * ms;
    this.#now = { atMs: atMs + ms, cores: CORES, idleMs: idleMs + this.idle * onCoresMs, allMs: allMs + onCoresMs };
  }

  /** From now on time passes by itself, in ticks. */
  goOn(): this {
    this.#passedMs = performance.now();
    return this;
  }

  /** From now on time passes as it is told again. */
  stop(): void {
    this.#passedMs = null;
  }

  /** Waits until the counters are read again. */
  async read(): Promise<void> {
    await this.#read.promise;
  }

  meter(): IdleMeter {
    return new IdleMeter(() => {
      this.reads += 1;
      this.#read.resolve();
      this.#read = Promise.withResolvers();
      if (this.#passedMs !== null) {
        const ms = Math.floor((performance.now() - this.#passedMs) / 10) * 10;
        this.#passedMs += ms;
        this.pass(ms);
      }
      return this.#now;
    });
  }
}

function admissionTo(machine: Machine): Admission {
  return new Admission(machine.meter());
}

/** Jobs that enter one after the other, and which have come so far. */
class Arrivals {
  readonly come: string[] = [];
  readonly #admission: Admission;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  async enter(name: string, { quiet = false, stop = signal } = {}): Promise<Disposable> {
    const entered = await this.#admission.enter(quiet, stop);
    this.come.push(name);
    return entered;
  }
}

/** Whether it has come by now: everything that can go on without a timer has. */
async function hasCome(promise: Promise<unknown>): Promise<boolean> {
  let come = false;
  void promise.then(() => (come = true));
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  return come;
}

test('jobs run beside each other where the machine has time to spare', async () => {
  const admission = admissionTo(new Machine(1).goOn());
  using _first = await admission.enter(false, signal);
  using _second = await admission.enter(false, signal);
  expect(_second).toBeDefined();
});

test('a job that needs quiet waits for all others, and all others for it', async () => {
  const admission = admissionTo(new Machine(1).goOn());
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
  const admission = admissionTo(new Machine(1).goOn());
  const one = await admission.enter(true, signal);
  const other = admission.enter(true, signal);
  expect(await hasCome(other)).toBe(false);
  one[Symbol.dispose]();
  using _other = await other;
  expect(_other).toBeDefined();
});

test('a cell is opened or closed while a job waits for quiet, which waits for that too, but not while it is at work', async () => {
  const admission = admissionTo(new Machine(1).goOn());
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

test('none begins beside others while every core is busy, until one has time', async () => {
  const machine = new Machine(0).goOn();
  const admission = admissionTo(machine);
  using _first = await admission.enter(false, signal);
  const second = admission.enter(false, signal);
  await machine.read();
  expect(await hasCome(second)).toBe(false);
  machine.idle = 0.5;
  using _second = await second;
  expect(_second).toBeDefined();
});

test('one that is kept back begins as soon as nothing else is at work', async () => {
  const machine = new Machine(0).goOn();
  const admission = admissionTo(machine);
  const first = await admission.enter(false, signal);
  const second = admission.enter(false, signal);
  await machine.read();
  expect(await hasCome(second)).toBe(false);
  first[Symbol.dispose]();
  expect(await hasCome(second)).toBe(true);
});

/** How long two that come together are kept back beside one that is at work: the first of them, and the other after it. */
async function waitsOf(machine: Machine): Promise<readonly number[]> {
  const admission = admissionTo(machine);
  using _first = await admission.enter(false, signal);
  const startedMs = performance.now();
  const [secondMs, thirdMs] = await Promise.all(
    [admission.enter(false, signal), admission.enter(false, signal)].map(async (entered) => {
      await entered;
      return performance.now();
    }),
  );
  return [(secondMs ?? 0) - startedMs, (thirdMs ?? 0) - (secondMs ?? 0)];
}

test('each that waits is kept back as long as this run can help, and no longer, also where the counters stand still', async () => {
  const waits = await Promise.all([waitsOf(new Machine(0).goOn()), waitsOf(new Machine(1))]);
  for (const waitedMs of waits.flat()) {
    expect(waitedMs).toBeGreaterThan(400);
    expect(waitedMs).toBeLessThan(5000);
  }
});

test('those that wait begin in the order in which they came', async () => {
  const arrivals = new Arrivals(admissionTo(new Machine(1).goOn()));
  const names = ['first', 'second', 'third', 'fourth'];
  await Promise.all(names.map((name) => arrivals.enter(name)));
  expect(arrivals.come).toEqual(names);
});

test('where one has just ended and the machine was idle since, the next begins at once, and another after a look of its own', async () => {
  const machine = new Machine(1).goOn();
  const admission = admissionTo(machine);
  using _first = await admission.enter(false, signal);
  const second = await admission.enter(false, signal);
  machine.stop();
  machine.pass(60_000);
  second[Symbol.dispose]();
  machine.pass(20);
  const third = admission.enter(false, signal);
  const fourth = admission.enter(false, signal);
  expect(await hasCome(third)).toBe(true);
  expect(await hasCome(fourth)).toBe(false);
  machine.pass(20);
  using _fourth = await fourth;
  expect(_fourth).toBeDefined();
});

test('what the machine had to spare before another began is no reason to let one in', async () => {
  const machine = new Machine(1);
  const admission = admissionTo(machine);
  machine.pass(80);
  using _first = await admission.enter(false, signal);
  const second = admission.enter(false, signal);
  expect(await hasCome(second)).toBe(false);
  machine.pass(20);
  using _second = await second;
  expect(_second).toBeDefined();
});

test('what the machine had to spare long ago is no reason to let one in, and not to refuse it that there was none', async () => {
  const machine = new Machine(1);
  const admission = admissionTo(machine);
  using _first = await admission.enter(false, signal);
  machine.pass(60_000);
  const second = admission.enter(false, signal);
  expect(await hasCome(second)).toBe(false);
  machine.idle = 0;
  machine.pass(1000);
  await machine.read();
  expect(await hasCome(second)).toBe(false);
  machine.idle = 0.5;
  machine.pass(60);
  const { reads } = machine;
  using _second = await second;
  // The look, and the beginning.
  expect(machine.reads - reads).toBe(2);
});

test('where nothing is ever counted, none waits', async () => {
  const admission = new Admission(new IdleMeter(() => ({ atMs: 0, cores: 0, idleMs: 0, allMs: 0 })));
  const arrivals = new Arrivals(admission);
  const all = Promise.all(['first', 'second', 'third'].map((name) => arrivals.enter(name)));
  expect(await hasCome(all)).toBe(true);
});

test('one that is interrupted before its turn begins, to end, and those behind it wait for those before it', async () => {
  const machine = new Machine(0);
  const arrivals = new Arrivals(admissionTo(machine));
  const stop = new AbortController();
  await arrivals.enter('first');
  machine.pass(20);
  const second = arrivals.enter('second');
  const third = arrivals.enter('third', { stop: stop.signal });
  const fourth = arrivals.enter('fourth');
  expect(await hasCome(second)).toBe(false);
  stop.abort();
  expect(await hasCome(third)).toBe(true);
  machine.idle = 1;
  machine.goOn();
  await Promise.all([second, fourth]);
  expect(arrivals.come).toEqual(['first', 'third', 'second', 'fourth']);
});

test('one that is interrupted while it looks begins, to end, and the next looks', async () => {
  const machine = new Machine(0);
  const arrivals = new Arrivals(admissionTo(machine));
  const stop = new AbortController();
  await arrivals.enter('first');
  const second = arrivals.enter('second', { stop: stop.signal });
  const third = arrivals.enter('third');
  expect(await hasCome(second)).toBe(false);
  stop.abort();
  expect(await hasCome(second)).toBe(true);
  machine.idle = 1;
  machine.goOn();
  await third;
  expect(arrivals.come).toEqual(['first', 'second', 'third']);
});

test('a job that needs quiet gets its turn before those that already wait', async () => {
  const arrivals = new Arrivals(admissionTo(new Machine(0).goOn()));
  const first = await arrivals.enter('first');
  const second = arrivals.enter('second');
  const third = arrivals.enter('third');
  const quiet = arrivals.enter('quiet', { quiet: true });
  first[Symbol.dispose]();
  (await quiet)[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  expect(arrivals.come).toEqual(['first', 'quiet', 'second', 'third']);
});

test('the first one begins however busy the machine is', async () => {
  const admission = admissionTo(new Machine(0));
  const entering = admission.enter(false, signal);
  expect(await hasCome(entering)).toBe(true);
});

test('an interrupted run lets everybody in, to end', async () => {
  const stop = new AbortController();
  const admission = admissionTo(new Machine(0));
  using _alone = await admission.enter(true, stop.signal);
  const before = admission.enter(false, stop.signal);
  expect(await hasCome(before)).toBe(false);
  stop.abort();
  using _before = await before;
  using _after = await admission.enter(false, stop.signal);
  expect(_after).toBeDefined();
});
