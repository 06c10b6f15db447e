/**
 * How a process ended: by itself, in time and with status 0, or not.
 *
 * Owns crash, hang and connections left open at the end; part of the invariant `settled`.
 */
import { wasKilled } from '../evidence/ended-by-harness.ts';
import type { Attempt } from './attempt.ts';
import { cutShort } from './cut-short.ts';
import { broken, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { reaches } from './last-hop.ts';
import { lingering } from './lingering.ts';
import { takenAway } from './process.ts';
import type { Process } from './process.ts';
import { PROCESSES, SEEN_OF_STALLS } from './tolerance.ts';
import { counted, exitWords, harnessEnd, inMs, named } from './wording.ts';

type Overdue = Process['overdue'][number];

const LIMITS = {
  start: 'be listening',
  exchange: 'be done with the exchange',
  grace: 'exit after the end of its input',
} as const;

/** Of a program that has printed no event at all, it is not the scenario that has to be looked at. */
const NO_EVENT =
  '; it printed no event of the contract (docs/contract.md, Output: events); "halfopen check CMD", or "halfopen check --image NAME", shows which clauses it keeps';

export function endOfProcess(attempt: Attempt, process: Process): Finding[] {
  if (process.unsupported || process.spawned === null) return [];
  return [
    ...hangs(attempt, process),
    ...crash(process),
    ...neverListened(process),
    ...leftEarly(process),
    ...leftOpen(process),
  ];
}

function hangs(attempt: Attempt, process: Process): Finding[] {
  if (takenAway(process)) return [];
  return process.overdue
    .filter((record) => isItsDoing(attempt, process, record))
    .map((record) => {
      const words = {
        expected: `the ${process.role} takes at most ${inMs(record.limitMs)} to ${LIMITS[record.limit]}`,
        actual: `it was still at it at ${inMs(record.atMs)}${stillOpen(process)}${lastOfIt(process)}${silence(process)}`,
        measured: { valueMs: record.limitMs, atLeastMs: null, atMostMs: record.limitMs },
        atMs: record.atMs,
      };
      return isTheHosts(attempt, process, record) ? untold('host-stalled', words) : broken(words);
    });
}

/** Of the time for winding down the contract leaves a subject this much: CONTRACT, Input. */
const OWN_GRACE_MS = 2000;

/**
 * Whether the harness came too late to see what had been done in time, or stalls alone took all the room that the limit
 * leaves beyond what the plan and the contract allow. To start and to exit a process waits for nobody: another's stalls
 * excuse it in the exchange alone. A start is all work of its own, and of what slows that the waits for a core are a part.
 */
function isTheHosts(attempt: Attempt, { role, events }: Process, { limit, limitMs, atMs }: Overdue): boolean {
  const { plan, tolerance } = attempt;
  if (limit === 'exchange' && events.some((told) => told.event.event === 'done' && told.atMs <= atMs)) return true;
  const late = limit === 'exchange' && role === 'client' ? lingering(attempt, atMs) : null;
  if (late !== null && tolerance.explains(late)) return true;
  const roomMs = {
    start: limitMs * SEEN_OF_STALLS,
    exchange: limitMs - plan.waitsMs,
    grace: limitMs - OWN_GRACE_MS,
  }[limit];
  const window = { fromMs: atMs - limitMs, toMs: atMs };
  return tolerance.lostIn(window, limit === 'exchange' ? PROCESSES : [role]) >= roomMs;
}

/**
 * A client bounds its exchange by its deadlines, or else by the end of its work; a server waits for as long as nobody tells
 * it of the client's end.
 */
function isItsDoing(attempt: Attempt, process: Process, { limit, atMs }: Overdue): boolean {
  if (limit !== 'exchange') return true;
  const { ioTimeoutMs, deadPeerMs } = attempt.plan.params;
  if (process.role === 'client') {
    const isBounded = ioTimeoutMs > 0 || deadPeerMs > 0;
    return isBounded ? cutShort(attempt) === null : lingering(attempt, atMs) !== null;
  }
  if (!reaches(attempt.plan, 'server')) return false;
  return attempt.connections.some(
    ({ server, wire }) => server !== null && server.closed === null && wire !== null && wire.upstream.end !== null,
  );
}

function crash(process: Process): Finding[] {
  const { exited, signalled, role } = process;
  if (exited === null || exited.status === 0) return [];
  const sentByHarness = signalled.some(({ signal, atMs }) => signal === 'SIGKILL' && atMs <= exited.atMs);
  if (wasKilled(exited) && sentByHarness && exited.outOfMemory !== true) return [];
  return [
    broken({
      expected: `the ${role} exits with status 0`,
      actual: `it ${exitWords(exited)} at ${inMs(exited.atMs)}${stillOpen(process)}; its log may say why`,
      atMs: exited.atMs,
    }),
  ];
}

/** A process that ends by itself has closed what it opened. */
function leftOpen(process: Process): Finding[] {
  if (takenAway(process) || process.exited?.status !== 0) return [];
  const open = process.sides.filter((side) => side.closed === null);
  const first = open[0];
  if (first === undefined) return [];
  return [
    broken({
      expected: `the ${process.role} tells that each connection is closed before it exits`,
      actual: `it exited at ${inMs(process.exited.atMs)} with ${counted(open.length, 'connection')} open, the first being ${named(first)}`,
      atMs: process.exited.atMs,
    }),
  ];
}

/** A server that could not listen says why (CONTRACT, Output); one that was told to end need not have begun. */
function neverListened(process: Process): Finding[] {
  const { role, events, failures, exited, killedMs } = process;
  if (role !== 'server' || exited === null || wasToldToEnd(process) || killedMs !== null) return [];
  if (failures.length > 0 || events.some(({ event }) => event.event === 'listening')) return [];
  return [
    broken({
      expected: 'the server says that it listens, or why it cannot',
      actual: `${endedAnd(process, exited)} had said neither${silence(process)}`,
      atMs: exited.atMs,
    }),
  ];
}

/** The end of its input tells nothing to a process that is being killed. */
function wasToldToEnd({ inputEnded, signalled }: Process): boolean {
  if (inputEnded === null) return false;
  return !signalled.some(({ signal, atMs }) => signal === 'SIGKILL' && atMs <= inputEnded.atMs);
}

/** Whatever a role has done, it stays for the end of its input, so that it can be inspected; but a server that could not listen. */
function leftEarly({ role, events, exited, inputEnded }: Process): Finding[] {
  if (exited?.status !== 0 || (inputEnded !== null && inputEnded.atMs <= exited.atMs)) return [];
  if (role === 'server' && !events.some(({ event }) => event.event === 'listening')) return [];
  return [
    broken({
      expected: `the ${role} stays until its input ends (docs/contract.md, Input)`,
      actual: `it exited with status 0 at ${inMs(exited.atMs)}`,
      atMs: exited.atMs,
    }),
  ];
}

/** The beginning of a sentence that goes on with what it had done by then. */
function endedAnd(process: Process, exited: NonNullable<Process['exited']>): string {
  const byHarness = harnessEnd(process);
  return byHarness === null ? `it ${exitWords(exited)} at ${inMs(exited.atMs)} and` : `${byHarness}, and it`;
}

function lastOfIt(process: Process): string {
  const byHarness = harnessEnd(process);
  return byHarness === null ? '' : `; ${byHarness}`;
}

function silence({ events }: Process): string {
  return events.length === 0 ? NO_EVENT : '';
}

function stillOpen(process: Process): string {
  const open = process.sides.filter((side) => side.closed === null);
  return open.length === 0 ? '' : `, with ${counted(open.length, 'connection')} open`;
}
