/**
 * Blocking or not: what a call does that would have to wait and brings no deadline.
 */
import { checkFlag, checkMs } from './arguments.ts';
import { Deadline } from './deadline.ts';
import type { Bounds } from './wait.ts';

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

  /** The bounds of one call. */
  bound(bounds: Bounds): Bounds {
    const ms = this.#timeoutMs;
    if (ms === undefined || ms === 0 || bounds === null || bounds.deadline !== undefined) return bounds;
    return { ...bounds, deadline: Deadline.after(ms) };
  }
}
