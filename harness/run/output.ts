/**
 * Reads what a subject prints: events from standard output, free text from standard error.
 *
 * Owns the limits on both; what an event means is decided elsewhere.
 */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';

import { MAX_LINE_BYTES, readEventLine } from '../contract/event.ts';
import type { Role } from '../contract/words.ts';
import type { RecordOf } from '../evidence/record.ts';
import type { Exit } from './cell.ts';
import { LogTail } from './log-tail.ts';
import type { Recorder } from './recorder.ts';

/** All that is taken from one subject's standard output: a subject that traces 200,000 calls stays below. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
/** And that many lines: no workload of the catalogue has half as much to tell. */
export const MAX_OUTPUT_LINES = 200_000;
/** Garbage lines recorded per subject; the first say all. */
const MAX_GARBAGE = 20;
const GARBAGE_CHARACTERS = 200;
/** Of a log its beginning and its end are kept, this much of each. */
const LOG_PART_BYTES = 256 * 1024;

/** An exit as evidence has it. */
export function recordedExit({
  status,
  signal,
  outOfMemory,
}: Exit): Omit<RecordOf<'exited'>, 'kind' | 'atMs' | 'role'> {
  return { status, signal, ...(outOfMemory === undefined ? {} : { outOfMemory }) };
}

/** Records a subject's standard output line by line. Resolves when it ends. */
export async function recordEvents(stdout: Readable, role: Role, recorder: Recorder): Promise<void> {
  let rest = '';
  let taken = 0;
  let garbage = 0;
  let lines = 0;
  let flooded = false;
  const take = (line: string): void => {
    lines += 1;
    if (lines > MAX_OUTPUT_LINES) flood(MAX_OUTPUT_LINES, 'lines');
    if (flooded) return;
    const reading = readEventLine(line);
    if (reading.ok) recorder.record({ kind: 'event', role, event: reading.event });
    else if (garbage < MAX_GARBAGE) {
      garbage += 1;
      recorder.record({ kind: 'garbage', role, line: line.slice(0, GARBAGE_CHARACTERS), problem: reading.problem });
    }
  };
  const flood = (limit: number, of: 'bytes' | 'lines'): void => {
    if (!flooded) recorder.record({ kind: 'flooded', role, limit, of });
    flooded = true;
  };
  stdout.setEncoding('utf8');
  stdout.on('data', (chunk: string) => {
    taken += chunk.length;
    if (flooded) return;
    if (taken > MAX_OUTPUT_BYTES) {
      flood(MAX_OUTPUT_BYTES, 'bytes');
      return;
    }
    const whole = (rest + chunk).split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) take(line);
    if (rest.length > MAX_LINE_BYTES) {
      take(rest);
      rest = '';
    }
  });
  await ended(stdout);
  if (rest.length > 0) take(rest);
}

/** Keeps a subject's standard error as a log: its beginning as it comes, its end when it ends. */
export async function keepLog(stderr: Readable, path: string): Promise<void> {
  const file = createWriteStream(path);
  // A log that cannot be written is told by the evidence files on the same disk; it must not end the run.
  file.on('error', () => stderr.resume());
  let head = 0;
  let tail: LogTail | null = null;
  stderr.on('data', (chunk: Buffer) => {
    const room = LOG_PART_BYTES - head;
    const first = chunk.subarray(0, room);
    if (first.length > 0) file.write(first);
    head += first.length;
    if (chunk.length === first.length) return;
    tail ??= new LogTail(LOG_PART_BYTES);
    tail.push(chunk.subarray(room));
  });
  await ended(stderr);
  const rest = endOfLog(tail);
  await new Promise<void>((resolve) => {
    file.once('error', () => resolve());
    file.end(rest, resolve);
  });
}

/** Between a log's beginning and its end stands how much is missing. */
function endOfLog(tail: LogTail | null): Buffer {
  if (tail === null) return Buffer.alloc(0);
  const gap = tail.leftOutBytes === 0 ? '' : `\n[… ${tail.leftOutBytes} bytes left out …]\n`;
  return Buffer.concat([Buffer.from(gap), tail.kept()]);
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}
