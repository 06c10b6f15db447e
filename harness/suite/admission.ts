/**
 * Whether one more job may begin beside those that run: cells that keep each other from running could fake a timeout.
 *
 * Owns two rules: a job that needs quiet runs alone, also without a cell being opened or closed, and another begins only on a machine that has time left, as far as
 * this run can help it. A machine that others keep busy is not waited for: the judge tells what it made of a bound.
 */
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** So much of its cores' time the machine must have had to spare … */
const LEAST_IDLE = 0.1;
/** … since the last look, which is this long ago. */
const LOOK_EVERY_MS = 50;
/** What this run can do about it is done by then: its other jobs are waiting for something. */
const LONGEST_WAIT_MS = 500;

/** The part of the cores' time that nobody used since the last call; `null` where that can't be known. */
export type IdleMeter = () => number | null;

export class Admission {
  readonly #idle: IdleMeter;
  #running = 0;
  /** Jobs that need quiet, waiting or at work; the last one's end. */
  #quiet: Promise<void> | null = null;
  /** The end of the one that is at work. */
  #alone: Promise<void> | null = null;
  #changed = Promise.withResolvers<void>();

  constructor(idle: IdleMeter = meterOfCores()) {
    this.#idle = idle;
  }

  /** Waits until a job may begin; it has ended when what is returned is disposed. */
  async enter(needsQuiet: boolean, signal: AbortSignal): Promise<Disposable> {
    return needsQuiet ? this.#enterAlone(signal) : this.#enterBeside(signal);
  }

  /**
   * Waits until something beside the jobs may be done, as opening and closing a cell; it is over when this is disposed. What
   * can be done while a job waits for quiet need not be done after it.
   */
  async tend(signal: AbortSignal): Promise<Disposable> {
    while (this.#alone !== null && !signal.aborted) await this.#alone;
    return this.#begun(() => undefined);
  }

  async #enterAlone(signal: AbortSignal): Promise<Disposable> {
    const before = this.#quiet;
    const over = Promise.withResolvers<void>();
    const own = Promise.all([before, over.promise]).then(() => undefined);
    this.#quiet = own;
    await before;
    while (this.#running > 0 && !signal.aborted) await this.#changed.promise;
    this.#alone = over.promise;
    return this.#begun(() => {
      if (this.#quiet === own) this.#quiet = null;
      this.#alone = null;
      over.resolve();
    });
  }

  async #enterBeside(signal: AbortSignal): Promise<Disposable> {
    for (;;) {
      while (this.#quiet !== null && !signal.aborted) await this.#quiet;
      await this.#timeToSpare(signal);
      if (this.#quiet === null || signal.aborted) return this.#begun(() => undefined);
    }
  }

  async #timeToSpare(signal: AbortSignal): Promise<void> {
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
      const idle = this.#running === 0 || signal.aborted ? null : this.#idle();
      if (idle === null || idle >= LEAST_IDLE) return;
      await delay(LOOK_EVERY_MS);
    }
  }

  #begun(ended: () => void): Disposable {
    this.#running += 1;
    return {
      [Symbol.dispose]: () => {
        this.#running -= 1;
        ended();
        this.#changed.resolve();
        this.#changed = Promise.withResolvers<void>();
      },
    };
  }
}

/** By the kernel's count of each core's time, which Node reads on every system. */
function meterOfCores(): IdleMeter {
  let last = timesOfCores();
  return () => {
    const now = timesOfCores();
    const [idle, all] = [now.idle - last.idle, now.all - last.all];
    last = now;
    return all <= 0 ? null : idle / all;
  };
}

function timesOfCores(): { idle: number; all: number } {
  const each = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    all: user + nice + sys + idle + irq,
  }));
  return each.reduce((sum, core) => ({ idle: sum.idle + core.idle, all: sum.all + core.all }), { idle: 0, all: 0 });
}
