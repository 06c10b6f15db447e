/**
 * Measures how late the host lets processes run: a bound that passed while nobody could run proves nothing.
 *
 * Owns the measuring, of the harness by a timer and of a subject by its kernel; what it means for a bound is judged.
 */
import { monotonicMs } from './clock.ts';

const BEAT_MS = 10;
/** Below this a late wake-up is the timer's own grain. */
const WORTH_TELLING_MS = 5;

/**
 * Beats until disposed, telling each wake-up that came late.
 *
 * @param onLate called with how late, in milliseconds
 */
export function startCanary(onLate: (lateMs: number) => void): Disposable {
  let dueMs = monotonicMs() + BEAT_MS;
  const timer = setInterval(() => {
    const nowMs = monotonicMs();
    const lateMs = nowMs - dueMs;
    if (lateMs >= WORTH_TELLING_MS) onLate(Math.round(lateMs * 10) / 10);
    dueMs = nowMs + BEAT_MS;
  }, BEAT_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const SAMPLE_MS = 25;

/**
 * Samples how long a process waited for a core although it was ready to run, until disposed.
 *
 * @param waitedMs how long it has waited in all; `null` where that can't be known
 * @param onLate called with how long it waited since the last sample, in milliseconds
 */
export function watchScheduling(waitedMs: () => number | null, onLate: (lateMs: number) => void): Disposable {
  // Of a process that has just been started all its waiting counts: its start has a limit, too.
  let lastMs = waitedMs();
  const timer = setInterval(() => {
    const totalMs = waitedMs();
    if (totalMs === null) return;
    const lateMs = lastMs === null ? 0 : totalMs - lastMs;
    lastMs = totalMs;
    if (lateMs >= WORTH_TELLING_MS) onLate(Math.round(lateMs * 10) / 10);
  }, SAMPLE_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
