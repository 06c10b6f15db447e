/**
 * How long to wait before trying again: exponential backoff with full jitter.
 *
 * Owns the arithmetic alone. Without the jitter all clients of a server that went away come back in the same moment;
 * without the growth they come back too often.
 */
import { checkMs, checkOptions } from './arguments.ts';

/** How the waits grow. */
export interface BackoffOptions {
  /** The bound of the first wait. */
  readonly baseMs: number;
  /** The bound never grows above this. */
  readonly capMs: number;
  /** Draws from [0, 1): a seeded one makes the waits repeatable. */
  readonly random?: () => number;
}

/** Each wait is a random time below a bound that doubles from wait to wait. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #boundMs: number;

  constructor(options: BackoffOptions) {
    checkOptions('reconnect', options);
    checkMs('reconnect', 'the bound of the first wait', options.baseMs);
    checkMs('reconnect', 'the cap', options.capMs);
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#boundMs = Math.min(options.baseMs, options.capMs);
  }

  /** The next wait in ms. */
  nextMs(): number {
    const wait = this.#random() * this.#boundMs;
    this.#boundMs = Math.min(2 * this.#boundMs, this.#options.capMs);
    return wait;
  }

  /** Something useful was done: the next wait is a first one. */
  reset(): void {
    this.#boundMs = Math.min(this.#options.baseMs, this.#options.capMs);
  }
}

/** A repeatable source of numbers in [0, 1) from a 32-bit seed: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
