/**
 * No false alarm: without a harmful fault there is no `failed`.
 *
 * Owns the question whether a connection had any cause to fail when it first did; whether the code fits that cause is
 * `classified.ts`.
 */
import { placesOf } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { causesOf } from './blame.ts';
import { isExpected, isNamed } from './expected-failure.ts';
import { broken, brokenUnderFault, passed, untold } from './finding.ts';
import type { Finding, Invariant, Words } from './finding.ts';
import { stalledOut } from './stalled-out.ts';
import { counted, failure, inMs, named } from './wording.ts';

export const noFalseAlarm: Invariant = {
  name: 'no-false-alarm',
  statement: 'Without a harmful fault on its connection a side reports no failure.',
  examine,
};

function examine(attempt: Attempt): Finding[] {
  const places = placesOf(attempt);
  const breaches = [
    ...places.flatMap((place) => alarm(attempt, place)),
    ...[attempt.server, attempt.client].flatMap((process) =>
      process.failures
        .filter((failed) => !isNamed(attempt, process.role, failed))
        .map((failed) =>
          broken({
            expected: `the ${process.role} reports no failure of ${failed.event.op}`,
            actual: `it ${failure(failed)}`,
            atMs: failed.atMs,
          }),
        ),
    ),
  ];
  if (breaches.length > 0) return breaches;
  const failures = places.filter((place) => place.side.failed !== null).length;
  return [
    passed({
      expected: 'each failure has a cause',
      actual: failures === 0 ? 'there was no failure' : `${counted(failures, 'failure')}, each with a cause`,
    }),
  ];
}

function alarm(attempt: Attempt, place: Place): Finding[] {
  const { side } = place;
  const { failed } = side;
  if (failed === null || isExpected(attempt, place, failed) || inputEndedBefore(attempt, failed.atMs)) return [];
  const causes = causesOf(attempt, place, failed);
  if (causes.some((cause) => !cause.unproved)) return [];
  const words: Words = {
    expected: `no failure of ${named(side)}: nothing harmful had been done to it`,
    actual: `it ${failure(failed)}`,
    atMs: failed.atMs,
  };
  if (causes.length > 0) return [brokenUnderFault(words)];
  return [
    stalledOut(attempt, place.connection)
      ? untold('host-stalled', {
          ...words,
          actual: `${words.actual}; the host had stalled for ${inMs(attempt.tolerance.longestStallMs)}`,
        })
      : broken(words),
  ];
}

/** A harness that ended a role's input before the exchange was over caused what followed. */
function inputEndedBefore({ client, server }: Attempt, atMs: number): boolean {
  return [client, server].some((process) => process.inputEnded !== null && process.inputEnded.atMs < atMs);
}
