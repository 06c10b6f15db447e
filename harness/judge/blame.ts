/**
 * What could have caused a failure: faults that bit the connection, delays that outlast deadlines, the other side's end.
 *
 * Owns the gathering of causes with their times; two invariants judge by it, `no-false-alarm.ts` and `classified.ts`.
 */
import type { Attempt, Place } from './attempt.ts';
import { effectsOn, merged, PEER_GONE } from './causes.ts';
import type { Effects } from './causes.ts';
import { effectsOfEnd } from './end-handed-on.ts';
import { breaksConnections, mayTimeOut } from './harm.ts';
import type { Process } from './process.ts';
import { endedMs } from './side.ts';
import type { EventOf } from './side.ts';
import { towards } from './wire-connection.ts';
import { inMs } from './wording.ts';

export interface Cause {
  /** In words: `the reset of f1 at 12.3 ms`. */
  readonly what: string;
  readonly effects: Effects;
  /** From when on it was there. */
  readonly fromMs: number;
  /** Asked for, but it is not proved that it happened. */
  readonly unproved: boolean;
}

/** Every cause that was there when the side failed. */
export function causesOf(attempt: Attempt, place: Place, failed: EventOf<'failed'>): Cause[] {
  return [...faults(attempt, place, failed), ...delays(attempt), ...otherSide(attempt, place, failed)];
}

/** Faults of the plan that break connections and had begun to bite this one. */
function faults(attempt: Attempt, place: Place, failed: EventOf<'failed'>): Cause[] {
  const slackMs = attempt.tolerance.allowanceMs + place.process.clockErrorMs;
  return attempt.faults.flatMap((view): Cause[] => {
    const { fault } = view;
    if (!breaksConnections(fault)) return [];
    const laundered = fault.kind === 'reset' && attempt.plan.proxy === 'toxiproxy';
    const effects = laundered ? PEER_GONE : effectsOn(place.side.role, fault);
    if (view.delivered === null)
      return [{ what: `the ${fault.kind} (${fault.id}), which is not proved`, effects, fromMs: 0, unproved: true }];
    const span = view.on(place.connection);
    if (span === null || span.earliestMs > failed.atMs + slackMs) return [];
    return [
      {
        what: `the ${fault.kind} (${fault.id}) at ${inMs(span.earliestMs)}`,
        effects,
        fromMs: span.earliestMs,
        unproved: false,
      },
    ];
  });
}

function delays(attempt: Attempt): Cause[] {
  if (!mayTimeOut(attempt.plan, attempt.ledger.shape)) return [];
  const effects: Effects = {
    connect: ['timeout'],
    send: ['timeout', 'dead-peer'],
    recv: ['timeout', 'dead-peer'],
    shutdown: ['timeout'],
  };
  return [{ what: "the plan's own delays, which outlast a deadline", effects, fromMs: 0, unproved: false }];
}

/** The other side's end, as the proxy handed it on; where the proxy tells nothing, as the other side told of it. */
function otherSide(attempt: Attempt, place: Place, failed: EventOf<'failed'>): Cause[] {
  const { connection, side } = place;
  const role = side.role === 'client' ? 'server' : 'client';
  const told = attempt.wireTold && connection.wire !== null;
  const goneMs = told ? (connection.wire?.[towards(side.role)].end?.atMs ?? Infinity) : goneByItsWord(attempt, place);
  const slackMs =
    place.process.clockErrorMs + (told ? STAMP_MS : attempt.tolerance.allowanceMs + attempt[role].clockErrorMs);
  if (goneMs > failed.atMs + slackMs) return [];
  return [
    {
      what: `the end of what the ${role} sends, at ${inMs(goneMs)}`,
      effects: effectsOfEnd(attempt, place),
      fromMs: goneMs,
      unproved: false,
    },
  ];
}

/** The proxy stamps an end just after it has handed it on. */
const STAMP_MS = 2;

function goneByItsWord(attempt: Attempt, { connection, side }: Place): number {
  const other = side.role === 'client' ? connection.server : connection.client;
  const process = side.role === 'client' ? attempt.server : attempt.client;
  return Math.min(
    (other === null ? null : endedMs(other)) ?? Infinity,
    process.killedMs ?? Infinity,
    crashedMs(process) ?? Infinity,
  );
}

/** When a process is known to have gone without closing what it held; null: it did not. */
function crashedMs({ exited }: Process): number | null {
  return exited === null || exited.status === 0 ? null : exited.atMs;
}

/** All that the causes can bring about. */
export function effectsOf(causes: readonly Cause[]): Effects {
  return merged(...causes.map((cause) => cause.effects));
}
