/**
 * Proof by the kernel that nobody listens on a port of this machine.
 *
 * Owns the reading of `/proc/self/net/tcp`, which names listeners first: it is read no further, as the rest can be long,
 * and at once, as a thread pool under load would make seconds of it.
 */
import { closeSync, openSync, readSync } from 'node:fs';

import type { Delivery } from '../cell.ts';
import { monotonicMs } from '../clock.ts';

const PIECE_BYTES = 65_536;

/** A state of `/proc/net/tcp`, from the kernel's `include/net/tcp_states.h`. */
const LISTEN = '0A';

/** `null` where somebody listens there, or where the kernel does not tell. */
export function proveRefused(host: string, port: number): Delivery | null {
  const earliestMs = monotonicMs();
  const listeners = listenersIn('/proc/self/net/tcp');
  if (listeners === null || listeners.has(kernelAddress(host, port))) return null;
  return {
    earliestMs,
    latestMs: monotonicMs(),
    grade: 'kernel',
    proof: `no socket listens on ${host}:${port} in /proc/net/tcp`,
  };
}

/** As the table prints it: the bytes of the address in the order of a little-endian machine. */
function kernelAddress(host: string, port: number): string {
  const bytes = host.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `${bytes.toReversed().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

function listenersIn(path: string): Set<string> | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return readListeners(file);
  } finally {
    closeSync(file);
  }
}

function readListeners(file: number): Set<string> {
  const found = new Set<string>();
  const piece = Buffer.alloc(PIECE_BYTES);
  let begun = '';
  let isHeading = true;
  for (;;) {
    const bytes = readSync(file, piece);
    if (bytes === 0) return found;
    const lines = (begun + piece.toString('latin1', 0, bytes)).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (!isHeading && state !== LISTEN) return found;
      if (!isHeading) found.add(local);
      isHeading = false;
    }
  }
}
