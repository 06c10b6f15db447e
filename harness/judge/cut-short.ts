/**
 * Exchanges that the harness ended while the client was still waiting within its own deadlines.
 *
 * Owns the difference between a client that hangs and one that a slow host, or a peer that uses up each deadline, gave no
 * chance to finish: what follows from its end is then no one's doing.
 */
import { placesOfRole } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { untold } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Process } from './process.ts';
import { PROCESSES, SEEN_OF_STALLS } from './tolerance.ts';
import { waitsOf } from './waits.ts';
import { inMs, named } from './wording.ts';

/** Why the exchange proves nothing; null: it was not cut short, or the client was late by its own measure. */
export function cutShort(attempt: Attempt): Finding | null {
  const overdue = attempt.client.overdue.find((record) => record.limit === 'exchange');
  if (overdue === undefined) return null;
  for (const place of placesOfRole(attempt, 'client')) {
    const wait = waitsOf(attempt, place).find(
      ({ from, overMs, boundMs }) =>
        from.latestMs <= overdue.atMs && (overMs ?? Infinity) >= overdue.atMs && from.latestMs + boundMs > overdue.atMs,
    );
    if (wait === undefined) continue;
    return untold(isTheHosts(attempt, overdue) ? 'host-stalled' : 'evidence-incomplete', {
      expected: `the exchange is over within ${inMs(overdue.limitMs)}`,
      actual: `it was ended at ${inMs(overdue.atMs)}, while ${named(place.side)} still waited for ${wait.what}, within its deadline`,
      measured: { valueMs: overdue.atMs, atLeastMs: null, atMostMs: overdue.limitMs },
      atMs: overdue.atMs,
    });
  }
  return null;
}

/** Whether stalls took half of the room that the limit leaves beyond the plan's own waits: not all that runs is measured. */
function isTheHosts({ plan, tolerance }: Attempt, { atMs, limitMs }: Process['overdue'][number]): boolean {
  const window = { fromMs: atMs - limitMs, toMs: atMs };
  return tolerance.lostIn(window, PROCESSES) >= (limitMs - plan.waitsMs) * SEEN_OF_STALLS;
}
