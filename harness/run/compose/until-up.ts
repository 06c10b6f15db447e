/**
 * Waits for what listens in a container that has only been started: on a slow engine its program, or even its name, is not
 * there yet.
 *
 * Owns which failures mean that, and for how long they may.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { monotonicMs } from '../clock.ts';

const AGAIN_MS = 100;
/** Nobody listens, or the name is not known: each may be otherwise in a moment (man 3 getaddrinfo, man 2 connect). */
const NOT_YET: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/**
 * What `attempt` returns once something is there.
 *
 * @param limitMs from when on it is tried no more
 * @throws what the last attempt threw, at once where waiting would not help; the reason of `signal` once it is aborted
 */
export async function untilUp<Value>(
  attempt: () => Promise<Value>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Value> {
  const giveUpMs = monotonicMs() + limitMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isNotYet(error) || monotonicMs() >= giveUpMs) throw error;
    }
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** By its own code, or by that of what lies behind it. */
function isNotYet(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && NOT_YET.has(error.code)) || isNotYet(error.cause);
}
