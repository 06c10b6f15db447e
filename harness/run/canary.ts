/**
 * Measures how late the host wakes the harness up: a bound that passed while nobody could run proves nothing.
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
