/**
 * Blocking or not: what a call does that would have to wait and brings no deadline.
 */
import { Deadline } from './deadline.ts';
import { SocketError } from './socket-error.ts';
import type { Bounds } from './wait.ts';

export class Mode {
  #timeoutMs: number | undefined;

  /** Calls never wait. */
  get nonBlocking(): boolean {
    return this.#timeoutMs === 0;
  }

  /** 0: never wait; `undefined`: wait for ever. */
  set(timeoutMs: number | undefined): void {
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      throw new SocketError('select', 'invalid', `a timeout must be a time in ms from 0, not ${timeoutMs}`);
    }
    this.#timeoutMs = timeoutMs;
  }

  /** The bounds of one call. */
  bound(bounds: Bounds): Bounds {
    const ms = this.#timeoutMs;
    if (ms === undefined || ms === 0 || bounds.deadline !== undefined) return bounds;
    return { ...bounds, deadline: Deadline.after(ms) };
  }
}
