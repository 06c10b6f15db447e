/**
 * Blocking or not: what a call does that would have to wait and brings no deadline.
 */
import { checkFlag, checkMs } from './arguments.ts';
import { Deadline } from './deadline.ts';
import type { Operation } from './socket-error.ts';
import { checkBoundTypes, type Bounds } from './wait.ts';

/** Whether the calls on one socket wait, and for how long. */
export class Mode {
  #timeoutMs: number | undefined;

  /** Calls never wait. */
  get nonBlocking(): boolean {
    return this.#timeoutMs === 0;
  }

  /** 0: never wait; `undefined`: wait for ever. */
  set(timeoutMs: number | undefined): void {
    if (timeoutMs !== undefined) checkMs('setTimeout', 'a timeout', timeoutMs);
    this.#timeoutMs = timeoutMs;
  }

  /** Waits for ever, or never. */
  setBlocking(blocking: boolean): void {
    checkFlag('setBlocking', 'it', blocking);
    this.#timeoutMs = blocking ? undefined : 0;
  }

  /** The bounds of one call. Throws `invalid` for what are none. */
  bound(op: Operation, bounds: Bounds): Bounds {
    checkBoundTypes(op, bounds);
    const ms = this.#timeoutMs;
    if (ms === undefined || ms === 0 || bounds.deadline !== undefined) return bounds;
    return { signal: bounds.signal, deadline: Deadline.after(ms) };
  }
}
