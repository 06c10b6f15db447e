/**
 * The harness's clock: CLOCK_MONOTONIC, which subjects and proxies on the same machine read too.
 */

/** Microseconds on CLOCK_MONOTONIC. */
export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Milliseconds on CLOCK_MONOTONIC, with microseconds behind the point. */
export function monotonicMs(): number {
  return monotonicMicros() / 1000;
}
