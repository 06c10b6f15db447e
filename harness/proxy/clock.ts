/**
 * The one clock of the proxy: CLOCK_MONOTONIC, as Node reads it.
 *
 * Owns the units: milliseconds with a fraction for deadlines, whole microseconds for events.
 */

/** Now, in milliseconds, on a clock that never goes back. */
export const nowMs = (): number => performance.now();

/** Now, in whole microseconds of CLOCK_MONOTONIC (`process.hrtime.bigint() / 1000n`), for events. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
