/**
 * How the judge words times, sizes, sides and failures, so that every file says them alike.
 */
import { endedByHarness } from '../evidence/ended-by-harness.ts';
import type { RecordOf } from '../evidence/record.ts';
import type { Process } from './process.ts';
import type { EventOf } from './side.ts';

/** Times are told to 0.1 ms: finer is noise. */
export function inMs(ms: number): string {
  return `${roundMs(ms)} ms`;
}

/** Rounded to 0.1 ms, never `-0`. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10 + 0;
}

export function inBytes(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

/** `1 connection`, `2 connections`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** `client connection 3`. */
export function named(side: { readonly role: string; readonly conn: number }): string {
  return `${side.role} connection ${side.conn}`;
}

/** `reset or broken-pipe`. */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `failed with reset on recv at 212.4 ms`. */
export function failure(failed: EventOf<'failed'>): string {
  const message = failed.event.message === '' ? '' : ` (${JSON.stringify(failed.event.message.slice(0, 200))})`;
  return `failed with ${failed.event.code} on ${failed.event.op} at ${inMs(failed.atMs)}${message}`;
}

/** `within 0–300 ms of the FIN`. */
export function within(atLeastMs: number | null, atMostMs: number | null, mark: string): string {
  if (atLeastMs === null) return `at most ${inMs(atMostMs ?? 0)} after ${mark}`;
  if (atMostMs === null) return `not before ${inMs(atLeastMs)} after ${mark}`;
  return `${roundMs(atLeastMs)}–${inMs(atMostMs)} after ${mark}`;
}

/** `exited with status 28`, `was ended by SIGSEGV`, `ran out of memory`. */
export function exitWords({ status, signal, outOfMemory }: RecordOf<'exited'>): string {
  if (outOfMemory === true) return 'ran out of the memory that it may use, and was killed for that by the kernel';
  return signal === null ? `exited with status ${status}` : `was ended by ${signal}`;
}

/** `the harness ended it with SIGKILL at 5015 ms`; `null` where it was not the harness, or it has not ended. */
export function harnessEnd({ exited, signalled }: Pick<Process, 'exited' | 'signalled'>): string | null {
  if (exited === null || !endedByHarness(exited, signalled)) return null;
  return `the harness ended it with SIGKILL at ${inMs(exited.atMs)}`;
}
