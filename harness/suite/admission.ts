/**
 * Whether one more job may begin beside those that run: cells that keep each other from running could fake a timeout.
 *
 * Owns two rules: a job that needs quiet runs alone, also without a cell being opened or closed, and another begins only
 * on a machine that has time left, as far as this run can help it, and one at a time, so that what each takes is seen
 * before the next. A machine that others keep busy is not waited for: the judge tells what it made of a bound.
 *
 * The machine is the one that this runs on. The cells of an engine elsewhere take their time from cores that are not
 * looked at, since an engine does not tell how much is left of them: there only the harness is kept from being late.
 */
import { addAbortListener } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { IdleMeter, TICK_MS } from './idle-meter.ts';

/** So much of its cores' time the machine must have to spare … */
const LEAST_IDLE = 0.1;
/** … and is given so long to have it, when it had not. */
const LOOK_EVERY_MS = 50;
/** What this run can do about it is done by then: its other jobs are waiting for something. */
const LONGEST_WAIT_MS = 500;

export class Admission {
  readonly #idle: IdleMeter;
  #running = 0;
  /** Jobs that need quiet, waiting or at work; the last one's end. */
  #quiet: Promise<void> | null = null;
  /** The end of the one that is at work. */
  #alone: Promise<void> | null = null;
  /** The end of the last turn that was asked for, and of all before it. */
  #turns = Promise.resolve();
  #changed = Promise.withResolvers<void>();

  constructor(idle = new IdleMeter()) {
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
    using _turn = await this.#turn(signal);
    for (;;) {
      while (this.#quiet !== null && !signal.aborted) await untilAborted(this.#quiet, signal);
      await this.#timeToSpare(signal);
      if (this.#quiet === null || signal.aborted) return this.#begun(() => undefined);
    }
  }

  /** Waits until all that came before have begun, so that what they take is seen. Who is aborted holds up nobody. */
  async #turn(signal: AbortSignal): Promise<Disposable> {
    const before = this.#turns;
    const over = Promise.withResolvers<void>();
    this.#turns = Promise.all([before, over.promise]).then(() => undefined);
    await untilAborted(before, signal);
    return { [Symbol.dispose]: () => over.resolve() };
  }

  async #timeToSpare(signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    this.#idle.beginUnlessRecent();
    while (this.#running > 0 && !signal.aborted && performance.now() - startedMs < LONGEST_WAIT_MS) {
      const idle = this.#idle.look();
      if (idle === 'unknown' || (idle !== 'no tick yet' && idle >= LEAST_IDLE)) return;
      const nextLook = delay(idle === 'no tick yet' ? TICK_MS : LOOK_EVERY_MS);
      // What ends before it may have been the last that was at work.
      await untilAborted(Promise.race([nextLook, this.#changed.promise]), signal);
    }
  }

  #begun(ended: () => void): Disposable {
    this.#running += 1;
    this.#idle.begin();
    return {
      [Symbol.dispose]: () => {
        this.#running -= 1;
        this.#idle.begin();
        ended();
        this.#changed.resolve();
        this.#changed = Promise.withResolvers<void>();
      },
    };
  }
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  using _listener = addAbortListener(signal, () => aborted.resolve());
  await Promise.race([promise, aborted.promise]);
}
