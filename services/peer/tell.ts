/**
 * The lines that the peer prints: the contract's events, flushed at once.
 */
import { writeSync } from 'node:fs';

const STDOUT = 1;

/** Prints one event, stamped with CLOCK_MONOTONIC in microseconds. */
export function tell(event: string, keys: Readonly<Record<string, unknown>> = {}): void {
  const at = Number(process.hrtime.bigint() / 1000n);
  let rest = Buffer.from(`${JSON.stringify({ event, at, ...keys })}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
}
