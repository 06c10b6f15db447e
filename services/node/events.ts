/**
 * The lines that a subject prints: one event each, written before the call returns.
 *
 * Owns standard output.
 */
import { writeSync } from 'node:fs';

const STDOUT = 1;

/** Keys of an event beside `event` and `at`. Order is kept. */
export type Keys = Readonly<Record<string, string | number | undefined>>;

/** Prints one event, stamped with CLOCK_MONOTONIC in microseconds. */
export function emit(event: string, keys: Keys = {}): void {
  const at = Number(process.hrtime.bigint() / 1000n);
  writeAll(`${JSON.stringify({ event, at, ...keys })}\n`);
}

/** The one line that has no time: nothing was done. */
export function emitUnsupported(): void {
  writeAll('{"event":"unsupported"}\n');
}

function writeAll(line: string): void {
  let rest = Buffer.from(line);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}

function writeSome(bytes: Uint8Array): number {
  try {
    return writeSync(STDOUT, bytes);
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    // Somebody shares this descriptor and made it non-blocking: wait for room.
    if (code === 'EAGAIN') {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      return 0;
    }
    // Nobody reads any more: there is nobody left to tell.
    if (code === 'EPIPE') return bytes.length;
    throw error;
  }
}
