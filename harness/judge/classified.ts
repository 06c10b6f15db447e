/**
 * Classified: the error code is one that its cause can bring about.
 *
 * Owns the comparison; the causes are gathered in `blame.ts`, what they can bring about stands in `causes.ts`.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { causesOf, effectsOf } from './blame.ts';
import type { Cause } from './blame.ts';
import { allows } from './causes.ts';
import { broken, brokenUnderFault, notChecked, passed, untold } from './finding.ts';
import type { Finding, Invariant, Words } from './finding.ts';
import { budgetWasSpent } from './detected.ts';
import { isExpected } from './expected-failure.ts';
import { deadlineWasUp } from './settled.ts';
import { isOfLastReceived } from './side.ts';
import type { EventOf } from './side.ts';
import { silencesOf } from './silences.ts';
import { stalledOut } from './stalled-out.ts';
import { endsTo } from './streams.ts';
import { cutOf } from './truncation.ts';
import { waitsOf } from './waits.ts';
import { counted, failure, inBytes, inMs, named, oneOf } from './wording.ts';

export const classified: Invariant = {
  name: 'classified',
  statement: 'The code of a failure is one that its cause can bring about.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const failures = placesOf(attempt).filter((place) => place.side.failed !== null);
  const breaches = failures.flatMap((place) => [...misnamed(attempt, place), ...misplacedEnd(attempt, place)]);
  if (breaches.length > 0) return breaches;
  const expected = 'each code is among those that its cause can bring about';
  if (failures.length === 0) return [notChecked(expected, 'there was no failure')];
  const first = failures.find((place) => hasCause(attempt, place));
  if (first?.side.failed === null || first === undefined)
    return [notChecked(expected, `nothing is known that caused ${counted(failures.length, 'failure')}`)];
  return [
    passed({
      expected,
      actual: `all are; the first: ${named(first.side)} ${failure(first.side.failed)}`,
      atMs: first.side.failed.atMs,
    }),
  ];
}

/** Whether there is anything to hold the name of a failure against. */
function hasCause(attempt: Attempt, place: Place): boolean {
  const { failed } = place.side;
  return failed !== null && (isExpected(attempt, place, failed) || causesOf(attempt, place, failed).length > 0);
}

function misnamed(attempt: Attempt, place: Place): Finding[] {
  const { failed } = place.side;
  if (failed === null || isExpected(attempt, place, failed)) return [];
  const causes = causesOf(attempt, place, failed);
  const effects = effectsOf(causes);
  // What was wrong with a message that came is integrity's business.
  if (isOfLastReceived(place.side)) return [];
  // A failure without any cause is a false alarm, not a wrong name.
  if (causes.length === 0 || allows(effects, failed.event.op, failed.event.code)) return [];
  const isNew = (cause: Cause): boolean => cause.unproved || failed.atMs - cause.fromMs < TOGETHER_MS;
  const wasUp = isOwnDeadline(attempt, place);
  if (wasUp && causes.every(isNew)) return [];
  const codes = effects[failed.event.op] ?? [];
  const words: Words = {
    expected: `${codes.length === 0 ? `no failure of ${failed.event.op}` : `${oneOf(codes)} on ${failed.event.op}`} of ${named(place.side)}, after ${causes.map((cause) => cause.what).join(' and ')}`,
    actual: `it ${failure(failed)}`,
    atMs: failed.atMs,
  };
  // Not the fault that it is held against let that deadline pass.
  if (wasUp && stalledOut(attempt, place.connection)) return [untold('host-stalled', words)];
  return [causes.every((cause) => cause.unproved) ? brokenUnderFault(words) : broken(words)];
}

/** A cause so little before an own deadline may not have been seen yet when that fired. */
const TOGETHER_MS = 200;

/** Whether the side's own deadline accounts for the failure. */
function isOwnDeadline(attempt: Attempt, place: Place): boolean {
  const code = place.side.failed?.event.code;
  if (code === 'timeout') return deadlineWasUp(attempt, place, waitsOf(attempt, place));
  return code === 'dead-peer' && budgetWasSpent(attempt, place, silencesOf(attempt, place));
}

/** `truncated` is an end inside a message, `closed` one between messages where one was due: the proxy knows which it was. */
function misplacedEnd(attempt: Attempt, place: Place): Finding[] {
  const { failed } = place.side;
  const code = failed?.event.code;
  if (failed === null || (code !== 'truncated' && code !== 'closed')) return [];
  const cut = cutOf(attempt, place);
  if (cut === null || cut.planned || cut.by === 'reset' || cut.over > 0 || attempt.ledger.shape.framing === 'until-end')
    return [];
  if (code === 'closed') return nothingWasDue(attempt, place) ? [tellsOfEnd(place, failed, cut.atMs)] : [];
  return [
    broken({
      expected: `${named(place.side)} is told of an end between messages, at byte ${cut.offset}`,
      actual: `it ${failure(failed)}, as if ${inBytes(cut.missing)} had been cut`,
      atMs: failed.atMs,
    }),
  ];
}

/** Whether every message of the workload had been received, by a side that then only waits for the other's end. */
function nothingWasDue(attempt: Attempt, place: Place): boolean {
  const { side } = place;
  const { workload } = attempt.plan;
  if (workload === 'idle' || workload === 'download') return false;
  if (side.role === 'client' && (side.shutdown === null || !attempt.ledger.echoes)) return false;
  return side.received.length >= endsTo(attempt, place).length;
}

function tellsOfEnd({ side }: Place, failed: EventOf<'failed'>, endMs: number | null): Finding {
  return broken({
    expected: `${named(side)}, to which nothing more was due, tells of the end at ${inMs(endMs ?? failed.atMs)} as eof`,
    actual: `it ${failure(failed)}`,
    atMs: failed.atMs,
  });
}
