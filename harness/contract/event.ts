/**
 * One line of a subject's standard output: the events of the contract, as schemas.
 *
 * Owns the shape of a line and the reading of one; the order in which events may come is judged elsewhere.
 */
import * as v from 'valibot';

import { FAILURE_CODES, OPERATIONS } from './words.ts';

/** Longest line taken from a subject. A longer one is garbage: nothing in the contract needs more than a few hundred bytes. */
export const MAX_LINE_BYTES = 16_384;

/** Longest `message` of a failure that is kept. */
const MAX_MESSAGE_CHARACTERS = 2_000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const conn = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const at = v.optional(v.pipe(v.number(), v.minValue(0)));
const text = v.pipe(
  v.string(),
  v.transform((value) => value.slice(0, MAX_MESSAGE_CHARACTERS)),
);

const event = <Name extends string, Entries extends v.ObjectEntries>(name: Name, entries: Entries) =>
  v.object({ event: v.literal(name), at, ...entries });

export const subjectEventSchema = v.variant('event', [
  event('listening', { port }),
  event('connecting', { conn, key: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  event('unsupported', {}),
  event('connected', { conn, localPort: port }),
  event('accepted', { conn, peerPort: port }),
  event('sending', { conn, seq: count, bytes: count, sha256 }),
  event('sent', { conn, seq: count }),
  event('received', { conn, seq: count, bytes: count, sha256 }),
  event('heard', { conn }),
  event('read', { conn, bytes: count }),
  event('wrote', { conn, bytes: count }),
  event('shutdown', { conn }),
  event('eof', { conn }),
  event('failed', {
    conn: v.optional(conn),
    op: v.picklist(OPERATIONS),
    code: v.picklist(FAILURE_CODES),
    message: v.optional(text, ''),
  }),
  event('closed', { conn }),
  event('done', {}),
]);

export type SubjectEvent = v.InferOutput<typeof subjectEventSchema>;
export type EventName = SubjectEvent['event'];

/** What a line turned out to be. */
export type LineReading = { ok: true; event: SubjectEvent } | { ok: false; problem: string };

/**
 * Reads one line of a subject's standard output.
 *
 * @param line without its line end
 * @returns the event, or what is wrong with the line in one sentence; never throws
 */
export function readEventLine(line: string): LineReading {
  if (line.length > MAX_LINE_BYTES) return { ok: false, problem: `a line of more than ${MAX_LINE_BYTES} bytes` };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const result = v.safeParse(subjectEventSchema, value);
  if (result.success) return { ok: true, event: result.output };
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  return { ok: false, problem: path === null ? issue.message : `${path}: ${issue.message}` };
}
