/**
 * No silent truncation: a stream cut inside a message is neither delivered nor taken for a clean end.
 *
 * Owns the place at which each stream ended, as the proxy tells it or the plan fixes it, against what its receiver made
 * of it. Framing `until-end` cannot know; there the client must report a mismatch.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { boundariesAreLost } from './corruption.ts';
import { broken, brokenUnderFault, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { reaches } from './last-hop.ts';
import { endsTo } from './streams.ts';
import { counted, failure, inBytes, inMs, named } from './wording.ts';
import { towards } from './wire-connection.ts';

export const truncation: Invariant = {
  name: 'no-silent-truncation',
  statement: 'A stream cut inside a message is never received as a message and never a clean end.',
  examine,
};

/** Where and how a stream ended for its receiver. */
interface Cut {
  /** Bytes the receiver got before the end. */
  readonly offset: number;
  readonly by: 'fin' | 'reset';
  readonly atMs: number | null;
  /** Whole messages in those bytes. */
  readonly whole: number;
  /** Bytes beyond the last whole message; 0: the stream ended at a boundary. */
  readonly over: number;
  /** Bytes that were missing of the message that was cut. */
  readonly missing: number;
  /** Known from the plan only: true as far as the fault was delivered. */
  readonly planned: boolean;
}

function examine(attempt: Attempt): Finding[] {
  const cuts = placesOf(attempt).flatMap((place) => {
    const cut = cutOf(attempt, place);
    return cut === null || cut.over === 0 ? [] : [{ place, cut }];
  });
  const breaches = cuts.flatMap(({ place, cut }) => swallowedBy(attempt, place, cut));
  if (breaches.length > 0) return breaches;
  const first = cuts[0];
  if (first === undefined) return [notChecked('a cut stream is told as cut', whyNone(attempt))];
  const { side } = first.place;
  return [
    passed({
      expected: `${named(side)} does not take the ${inBytes(first.cut.over)} before the ${word(first.cut)} for a message or a clean end`,
      actual: side.failed === null ? 'it reported neither' : `it ${failure(side.failed)}`,
      atMs: side.failed?.atMs ?? first.cut.atMs,
    }),
  ];
}

/** Why no cut was looked at: there was none, or where streams and messages ended is not known. */
function whyNone(attempt: Attempt): string {
  const untold = placesOf(attempt).filter(
    (place) => place.side.established !== null && (place.connection.wire === null || boundariesAreLost(attempt, place)),
  );
  if (untold.length === 0) return 'no stream was cut inside a message';
  return `of ${counted(untold.length, 'stream')} nothing proves where it ended, or where its messages did`;
}

/** Whether a side took what it had of a message that was cut for a message or a clean end: then it noticed nothing. */
export function swallowsItsCut(attempt: Attempt, place: Place): boolean {
  const cut = cutOf(attempt, place);
  if (cut === null || cut.over === 0 || swallowedBy(attempt, place, cut).length === 0) return false;
  return place.side.failed === null || place.side.received.length > cut.whole;
}

/** What the receiver wrongly made of the cut. */
function swallowedBy(attempt: Attempt, place: Place, cut: Cut): Finding[] {
  const { side } = place;
  const say = cut.planned ? brokenUnderFault : broken;
  const expected = `truncated or another failure after the ${word(cut)} at byte ${cut.offset}, ${inBytes(cut.missing)} before the end of message ${cut.whole}`;
  if (attempt.ledger.shape.framing === 'until-end') return untilEnd(attempt, place, cut, expected);
  const surplus = side.received[cut.whole];
  if (surplus !== undefined) {
    const actual = `${named(side)} received message ${cut.whole} of ${inBytes(surplus.event.bytes)} at ${inMs(surplus.atMs)}, ${inBytes(cut.missing)} were cut`;
    return [say({ expected, actual, atMs: surplus.atMs })];
  }
  if (side.eof !== null) {
    const actual = `${named(side)} told of a clean end at ${inMs(side.eof.atMs)}, with ${inBytes(cut.over)} of message ${cut.whole} in its hands`;
    return [say({ expected, actual, atMs: side.eof.atMs })];
  }
  if (side.failed === null && side.closed !== null && cut.by === 'fin' && !toldToEnd(place)) {
    const actual = `${named(side)} closed at ${inMs(side.closed.atMs)} without a word`;
    return [say({ expected, actual, atMs: side.closed.atMs })];
  }
  if (side.failed?.event.code === 'closed') {
    const actual = `${named(side)} ${failure(side.failed)}: that is an end between messages`;
    return [say({ expected, actual, atMs: side.failed.atMs })];
  }
  return [];
}

function untilEnd(attempt: Attempt, { side }: Place, cut: Cut, expected: string): Finding[] {
  if (side.role === 'server' || cut.by === 'reset') {
    const got = side.received[0];
    if (cut.by === 'fin' || got === undefined) return [];
    const actual = `${named(side)} received a message of ${inBytes(got.event.bytes)} at ${inMs(got.atMs)} although the stream was reset`;
    return [broken({ expected, actual, atMs: got.atMs })];
  }
  if (side.failed !== null || attempt.plan.workload !== 'upload' || side.closed === null) return [];
  const actual = `${named(side)} reported no mismatch for a reply of ${inBytes(cut.offset)}`;
  return [broken({ expected, actual, atMs: side.closed.atMs })];
}

/** The end of a harness's input or a signal of its own explains a close without a word. */
function toldToEnd({ side, process }: Place): boolean {
  const endedMs = process.inputEnded?.atMs ?? Number.POSITIVE_INFINITY;
  return process.killedMs !== null || (side.closed !== null && endedMs <= side.closed.atMs);
}

/** Where the stream towards a side ended; null: it did not, or nobody tells. */
export function cutOf(attempt: Attempt, place: Place): Cut | null {
  const end = toldEnd(attempt, place) ?? plannedEnd(attempt, place);
  if (boundariesAreLost(attempt, place)) return null;
  return end === null ? null : { ...end, ...placeInStream(attempt, place, end.offset) };
}

type End = Pick<Cut, 'offset' | 'by' | 'atMs' | 'planned'>;

function toldEnd(attempt: Attempt, { side, connection }: Place): End | null {
  const flow = connection.wire?.[towards(side.role)];
  if (flow === undefined || flow.end === null || !reaches(attempt.plan, side.role)) return null;
  const { by, atMs, offset } = flow.end;
  return { by, atMs, offset: Math.max(offset, flow.writtenBytes), planned: false };
}

/** Without the proxy's word, a `fin` fault at a byte fixes the place where the stream ended. */
function plannedEnd(attempt: Attempt, { side, connection }: Place): End | null {
  if (connection.wire !== null) return null;
  const direction = towards(side.role);
  for (const { fault, delivered } of attempt.faults) {
    const isHere = fault.kind === 'fin' && fault.direction === direction && fault.connections === undefined;
    if (isHere && delivered !== null) return { by: 'fin', atMs: null, offset: fault.at, planned: true };
  }
  return null;
}

type Spot = Pick<Cut, 'whole' | 'over' | 'missing'>;

function placeInStream(attempt: Attempt, place: Place, offset: number): Spot {
  if (attempt.plan.workload !== 'idle') return placeInMessages(endsTo(attempt, place), offset);
  const { heartbeatBytes } = attempt.ledger;
  const over = offset % heartbeatBytes;
  return { whole: 0, over, missing: over === 0 ? 0 : heartbeatBytes - over };
}

function placeInMessages(ends: readonly number[], offset: number): Spot {
  let whole = 0;
  while (whole < ends.length && (ends[whole] ?? 0) <= offset) whole += 1;
  const begin = ends[whole - 1] ?? 0;
  const end = ends[whole];
  // Bytes beyond the last message that is due belong to none: they are integrity's business.
  if (end === undefined) return { whole, over: 0, missing: 0 };
  return { whole, over: offset - begin, missing: offset === begin ? 0 : end - offset };
}

function word(cut: Cut): string {
  return cut.by === 'fin' ? 'FIN' : 'reset';
}
