/**
 * The one clock of the proxy: CLOCK_MONOTONIC, as Node reads it.
 *
 * Owns the units: milliseconds with a fraction for deadlines, whole microseconds for events.
 */

/** Where `performance.now()` is zero, on the scale of `process.hrtime`, in microseconds. */
const ORIGIN_US = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1000;

/** Now, in milliseconds, on a clock that never goes back. */
export const nowMs = (): number => performance.now();

/** Now, in whole microseconds of CLOCK_MONOTONIC (`process.hrtime.bigint() / 1000n`), for events. */
export const nowUs = (): number => Math.floor(ORIGIN_US + performance.now() * 1000);
