/**
 * Whether what a caller gave is something that the call can take.
 *
 * Owns the limits that the kernel and Node set, so that a wrong argument is one error with the code `invalid`, from the call
 * that was wrong, before anything is done: Node would throw its own, the kernel would cut it or call it something else.
 */
import { SocketError, type Operation } from './socket-error.ts';

/** Bytes of `sun_path` without its end, see unix(7); macOS has four less. */
const LONGEST_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
const LARGEST_PORT = 65_535;

/** What the kernel keeps of a connection's keepalive: tcp(7), and MAX_TCP_KEEPIDLE, -INTVL and -CNT in its sources. */
export const KEEP_ALIVE_LIMITS = { ms: 32_767_000, count: 127 } as const;

/** Throws `invalid` unless `fits`. */
export function demand(fits: boolean, op: Operation, what: string): asserts fits {
  if (!fits) throw new SocketError(op, 'invalid', what);
}

/** Options, given as one value. */
export function checkOptions(op: Operation, options: unknown): void {
  demand(typeof options === 'object' && options !== null, op, 'its options must be an object');
}

/** A host and a port, the least of which is `leastPort`, or the path of a Unix socket. */
export function checkPlace(op: Operation, place: unknown, leastPort: 0 | 1): void {
  demand(typeof place === 'object' && place !== null, op, 'it takes { host, port } or { path }');
  if ('path' in place) checkPath(op, place.path);
  else {
    checkHost(op, 'host' in place ? place.host : undefined);
    checkPort(op, 'port' in place ? place.port : undefined, leastPort);
  }
}

/** A name or a numeric address; an empty one is the caller's to judge. */
export function checkHost(op: Operation, host: unknown): void {
  demand(
    typeof host === 'string' && !host.includes('\0'),
    op,
    `the host must be a text without NUL, not ${shown(host)}`,
  );
}

/** A port from `least`. */
export function checkPort(op: Operation, port: unknown, least: 0 | 1): void {
  const fits = Number.isInteger(port) && Number(port) >= least && Number(port) <= LARGEST_PORT;
  demand(fits, op, `the port must be an integer from ${least} to ${LARGEST_PORT}, not ${shown(port)}`);
}

function checkPath(op: Operation, path: unknown): void {
  demand(typeof path === 'string' && !path.includes('\0'), op, `a path must be a text without NUL, not ${shown(path)}`);
  const bytes = Buffer.byteLength(path);
  const fits = bytes > 0 && bytes <= LONGEST_PATH_BYTES;
  demand(fits, op, `a Unix path has 1 to ${LONGEST_PATH_BYTES} bytes, not ${bytes}`);
}

/** An integer from `least`. */
export function checkCount(op: Operation, name: string, count: unknown, least: number): void {
  const fits = Number.isSafeInteger(count) && Number(count) >= least;
  demand(fits, op, `${name} must be an integer from ${least}, not ${shown(count)}`);
}

/** A time in ms, finite or not. */
export function checkMs(op: Operation, name: string, ms: unknown): void {
  demand(typeof ms === 'number' && ms >= 0, op, `${name} must be a time in ms from 0, not ${shown(ms)}`);
}

/** A signal, or none. */
export function checkSignal(op: Operation, signal: unknown): void {
  demand(signal === undefined || signal instanceof AbortSignal, op, 'the signal must be an AbortSignal');
}

/** `true` or `false`. */
export function checkFlag(op: Operation, name: string, value: unknown): void {
  demand(typeof value === 'boolean', op, `${name} must be true or false, not ${shown(value)}`);
}

/** The times and the number of probes of TCP keepalive. */
export function checkKeepAlive(given: { idleMs: unknown; intervalMs: unknown; count: unknown }): void {
  checkOptions('setKeepAlive', given);
  const { ms: most, count: mostProbes } = KEEP_ALIVE_LIMITS;
  for (const ms of [given.idleMs, given.intervalMs]) {
    const fits = typeof ms === 'number' && ms > 0 && ms <= most;
    demand(fits, 'setKeepAlive', `its times must be above 0 and at most ${most} ms, not ${shown(ms)}`);
  }
  const { count } = given;
  const fits = Number.isInteger(count) && Number(count) >= 1 && Number(count) <= mostProbes;
  demand(fits, 'setKeepAlive', `the number of probes must be an integer from 1 to ${mostProbes}, not ${shown(count)}`);
}

/** A value as a message names it; an object by its kind alone, since one may have no text. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
