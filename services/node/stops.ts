/**
 * The end of standard input, as signals.
 *
 * Owns the contract's two steps of winding down; what each connection does with them is its own business.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SocketError } from '../socket/socket-error.ts';

/** Node keeps a timer's delay in a signed 32-bit integer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** What is unfinished this long after the end of input is reset. */
const GRACE_MS = 2000;

export interface Stops {
  /** Begin nothing new, and end what is between messages. */
  readonly stop: AbortSignal;
  /** Time is up for messages under way. */
  readonly kill: AbortSignal;
}

/** Signals that fire when `input` ends, and again `GRACE_MS` later. */
export function stopsAt(input: NodeJS.ReadStream): Stops {
  const stop = new AbortController();
  const kill = new AbortController();
  // Every connection listens on these.
  setMaxListeners(0, stop.signal, kill.signal);
  const ended = (): void => {
    if (stop.signal.aborted) return;
    stop.abort();
    setTimeout(() => kill.abort(), GRACE_MS).unref();
  };
  input.on('end', ended).on('close', ended).on('error', ended).resume();
  return { stop: stop.signal, kill: kill.signal };
}

/** Resolves when `signal` fires. */
export async function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Ends a connection that was told to stop, which is no failure. */
export function toldToStop(cause: unknown): SocketError {
  return new SocketError('recv', 'aborted', 'told to stop', { cause });
}

/**
 * Waits `ms`.
 *
 * @throws SocketError `aborted` when `signal` fires
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw toldToStop(signal.reason);
  const until = performance.now() + ms;
  for (let left = ms; left > 0; left = until - performance.now()) {
    await sleep(Math.min(left, LONGEST_TIMER_MS), undefined, { signal }).catch((error: unknown) => {
      throw toldToStop(error);
    });
  }
}

/** Waits `ms`, or until `signal` fires; whether it waited to the end. */
export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return await pause(ms, signal).then(
    () => true,
    () => false,
  );
}
