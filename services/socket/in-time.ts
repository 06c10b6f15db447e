/**
 * For tests: what ends with its time ends not before, and not much later either.
 *
 * Owns how late a busy machine may make it. How precise a deadline is on an idle one is the benchmark's.
 */
import { expect } from 'vitest';

const LATE_MS = 2000;

/** Expects a wait of so many milliseconds. */
export function expectWaited(tookMs: number, boundMs: number): void {
  expect(tookMs).toBeGreaterThanOrEqual(boundMs);
  expect(tookMs).toBeLessThan(boundMs + LATE_MS);
}

/** Expects that the call ends when so much time has passed. One that never ends fails here, and by this. */
export async function expectEndsAfter(boundMs: number, call: () => Promise<unknown>): Promise<void> {
  const fromMs = performance.now();
  const overdue = Promise.withResolvers<void>();
  // A millisecond more, for a timer may come that much early.
  const timer = setTimeout(overdue.resolve, boundMs + LATE_MS + 1);
  try {
    await Promise.race([call(), overdue.promise]);
  } finally {
    clearTimeout(timer);
  }
  expectWaited(performance.now() - fromMs, boundMs);
}
