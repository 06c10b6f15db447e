/**
 * Time limits as values: one deadline can bound one call, or a whole message however many calls it takes.
 *
 * Owns the clock and its timer. What a call does when its deadline passes is the call's business.
 */

import { demand, shown } from './arguments.ts';

/** Node keeps a timer's delay in a signed 32-bit integer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why a deadline was set: it decides the code of the error that it causes. */
export type DeadlineCode = 'timeout' | 'dead-peer';

/**
 * A moment after which waiting is over.
 *
 * It can be started and cleared while calls wait on it, so that a reader may wait before anything is due. A timer
 * exists only while somebody waits: a forgotten deadline holds no resource and keeps no process alive.
 */
export class Deadline {
  readonly code: DeadlineCode;
  #atMs = Number.POSITIVE_INFINITY;
  #budgetMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(code: DeadlineCode = 'timeout') {
    this.code = code;
  }

  /** A deadline `ms` from now; 0 or less means none, as everywhere in this project. */
  static after(ms: number, code: DeadlineCode = 'timeout'): Deadline {
    const deadline = new Deadline(code);
    deadline.start(ms);
    return deadline;
  }

  /** What was granted when it was started, in ms. */
  get budgetMs(): number {
    return this.#budgetMs;
  }

  /** Time left in ms: `Infinity` while it is not running, 0 when it has passed. */
  get remainingMs(): number {
    return Math.max(0, this.#atMs - performance.now());
  }

  get running(): boolean {
    return this.#atMs !== Number.POSITIVE_INFINITY;
  }

  get passed(): boolean {
    return performance.now() >= this.#atMs;
  }

  /** Sets the moment to `ms` from `fromMs` (now, unless given), in place of any earlier one; 0 or less clears it. */
  start(ms: number, fromMs: number = performance.now()): void {
    for (const time of [ms, fromMs]) {
      demand(typeof time === 'number' && !Number.isNaN(time), 'deadline', `it takes a time in ms, not ${shown(time)}`);
    }
    if (ms <= 0) {
      this.clear();
      return;
    }
    this.#budgetMs = ms;
    this.#atMs = fromMs + ms;
    this.#arm();
  }

  /** Nothing is due any more. */
  clear(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
    this.#arm();
  }

  /** Calls `expire` once when the moment has come. The returned function ends the interest. */
  watch(expire: () => void): () => void {
    this.#waiting.add(expire);
    if (this.#timer === undefined) this.#arm();
    return () => {
      this.#waiting.delete(expire);
      if (this.#waiting.size === 0) this.#disarm();
    };
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#disarm();
    if (this.#waiting.size === 0 || !this.running) return;
    const delay = Math.min(Math.ceil(this.remainingMs), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#fire(), delay);
  }

  #fire(): void {
    // Timers count in whole milliseconds of a clock read earlier: one may be up to 1 ms early, a deadline never.
    if (!this.passed) {
      this.#arm();
      return;
    }
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const expire of waiting) expire();
  }
}
