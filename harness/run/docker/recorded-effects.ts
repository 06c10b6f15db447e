/**
 * What a silent proxy did to a connection, concluded from what went into it and what came out: the proof that a fault of
 * real Toxiproxy was delivered. Pure.
 *
 * Owns, for each fault, what counts as its effect on the carrier. What a subject made of it is no part of this.
 */
import type { ToxicRequest } from '../proxy-control.ts';
import type { Crossing } from './crossing.ts';

/** The first effect of a fault on one connection. */
export interface RecordedEffect {
  readonly conn: number;
  readonly effect: string;
  readonly offset: number;
  readonly atMs: number;
  readonly bytes?: number;
  readonly delayMs?: number;
  readonly detail: string;
}

/** A fault in force, in the wire proxy's words, from when to when. */
export interface InForce {
  readonly toxic: ToxicRequest;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A recorder stamps late by what a busy loop takes; a delay this much shorter than asked still is the one asked for. */
const STAMP_ERROR_MS = 2;
/** Bytes that were kept for less may have been on their way only. */
const KEPT_MS = 20;

/**
 * The first effect of a fault on each connection.
 *
 * @param crossings of all connections, in order of time
 * @param endMs of each connection: until when bytes could still have come out
 */
export function recordedEffects(
  { toxic, fromMs, untilMs }: InForce,
  crossings: readonly Crossing[],
  endMs: (conn: number) => number,
): RecordedEffect[] {
  const mine = crossings.filter(({ direction }) => direction === toxic.stream);
  return [...new Set(mine.map(({ conn }) => conn))].flatMap((conn) => {
    const own = mine.filter((crossing) => crossing.conn === conn);
    const went = own.filter(({ way, atMs }) => way === 'in' && atMs >= fromMs && atMs <= untilMs);
    const came = own.filter(({ way, atMs }) => way === 'out' && atMs >= fromMs);
    const effect = effectOf(toxic, { went, came, untilMs, endMs: Math.min(endMs(conn), untilMs) });
    return effect === null ? [] : [{ conn, ...effect }];
  });
}

interface Passage {
  readonly went: readonly Crossing[];
  readonly came: readonly Crossing[];
  /** Until when bytes could still have come out. */
  readonly endMs: number;
  /** When the fault was lifted. */
  readonly untilMs: number;
}

type Effect = Omit<RecordedEffect, 'conn'>;

/** `null` also for what Toxiproxy has not, or what is no fault by itself. */
function effectOf(toxic: ToxicRequest, passage: Passage): Effect | null {
  const { type } = toxic;
  if (type === 'latency') return delayed(passage, toxic.attributes.latency - (toxic.attributes.jitter ?? 0));
  if (type === 'bandwidth') return throttled(passage, toxic.attributes.rate);
  if (type === 'fragment') return cut(passage, toxic.attributes.every ?? 0);
  if (type === 'reset') return ended(passage, 'rst', toxic.attributes.bytes);
  if (type === 'fin') return ended(passage, 'fin', toxic.attributes.bytes);
  return type === 'swallow' ? swallowed(passage) : null;
}

/** When the byte at an offset came out; `null`: it did not. */
function cameOutMs(came: readonly Crossing[], offset: number): number | null {
  return came.find((each) => each.what === 'bytes' && each.offset + each.bytes > offset)?.atMs ?? null;
}

/** How long a byte stayed inside; cut short where the fault was lifted or the connection ended before it came out. */
interface Stay {
  readonly outMs: number | null;
  readonly keptMs: number;
  readonly isCutShort: boolean;
}

function stayOf({ came, endMs, untilMs }: Passage, enteredMs: number, offset: number): Stay {
  const outMs = cameOutMs(came, offset);
  return { outMs, keptMs: (outMs ?? endMs) - enteredMs, isCutShort: outMs === null || outMs >= untilMs };
}

function kept(effect: string, { offset, bytes, atMs }: Crossing, { outMs, keptMs, isCutShort }: Stay): Effect {
  const until = outMs === null ? 'the connection ended' : 'it was lifted';
  const detail = isCutShort ? `kept until ${until}` : 'by the recorder';
  return { effect, offset, bytes, atMs, delayMs: Math.round(keptMs * 1000) / 1000, detail };
}

/** Bytes stayed inside for at least as long as asked, or until the fault was lifted or the connection ended. */
function delayed(passage: Passage, askedMs: number): Effect | null {
  const leastMs = Math.max(askedMs - STAMP_ERROR_MS, STAMP_ERROR_MS);
  for (const sent of passage.went) {
    if (sent.what !== 'bytes') continue;
    const stay = stayOf(passage, sent.atMs, sent.offset);
    if (stay.keptMs >= (stay.isCutShort ? KEPT_MS : leastMs)) return kept('delayed', sent, stay);
  }
  return null;
}

/**
 * The last of some bytes stayed inside for as long as a line of that rate takes for them and for what is still before them.
 * What takes it less than a busy host keeps bytes by itself proves nothing.
 */
function throttled(passage: Passage, kilobytesPerSecond: number): Effect | null {
  let freeMs = 0;
  for (const sent of passage.went) {
    if (sent.what !== 'bytes') continue;
    const throughMs = Math.max(freeMs, sent.atMs) + sent.bytes / kilobytesPerSecond;
    const leastMs = throughMs - sent.atMs;
    const stay = stayOf(passage, sent.atMs, sent.offset + sent.bytes - 1);
    const isLong = stay.keptMs >= (stay.isCutShort ? KEPT_MS : leastMs - STAMP_ERROR_MS);
    if (leastMs >= KEPT_MS && isLong) return kept('throttled', sent, stay);
    // What is out already, as from before the fault was in force, is before nothing.
    freeMs = Math.min(throughMs, stay.outMs ?? throughMs);
  }
  return null;
}

/** What went in whole came out in pieces of at most the size asked for. One that ends with the whole may be a mere rest. */
function cut({ went, came }: Passage, every: number): Effect | null {
  const wholes = went.filter((each) => each.what === 'bytes' && each.bytes > every);
  for (const { what, offset, bytes, atMs } of came) {
    if (what !== 'bytes' || bytes > every) continue;
    const whole = wholes.find((each) => each.offset <= offset && offset + bytes < each.offset + each.bytes);
    if (whole !== undefined)
      return { effect: 'cut', offset, bytes, atMs, detail: `${whole.bytes} bytes went in at once` };
  }
  return null;
}

/** The stream came to an end that nobody sent there, after exactly the bytes asked for. */
function ended({ went, came }: Passage, how: 'fin' | 'rst', bytes: number): Effect | null {
  const end = came.find(({ what }) => what !== 'bytes');
  if (end?.what !== how || end.offset !== bytes) return null;
  if (went.some((sent) => sent.atMs <= end.atMs && explains(sent, end))) return null;
  const effect = how === 'rst' ? 'reset' : 'ended';
  return { effect, offset: end.offset, atMs: end.atMs, detail: `${how.toUpperCase()} after ${end.offset} bytes` };
}

/** Whether an end that went in may be why one came out: a reset can lose what is before it, an orderly end comes after all bytes. */
function explains(sent: Crossing, end: Crossing): boolean {
  return sent.what === 'rst' || (sent.what === 'fin' && sent.offset <= end.offset);
}

/** Bytes went in, and none came out until the connection ended. */
function swallowed({ went, came, endMs }: Passage): Effect | null {
  const first = went.find(({ what }) => what === 'bytes');
  if (first === undefined || cameOutMs(came, first.offset) !== null || endMs - first.atMs < KEPT_MS) return null;
  return { effect: 'swallowed', offset: first.offset, bytes: first.bytes, atMs: first.atMs, detail: 'never came out' };
}
