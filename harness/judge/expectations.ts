/**
 * The scenario's own expectations.
 *
 * Owns whether `completes`, `fails` and `delivers` are met on every connection they speak of; the others have files of
 * their own.
 */
import type { Expectation } from '../scenario/expectation.ts';
import { alike } from './alike.ts';
import { placesOfRole } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { broken, brokenUnderFault, passed, untold } from './finding.ts';
import type { Finding, Words } from './finding.ts';
import { isPlayedOn } from './fault-effects.ts';
import { breaksConnections } from './harm.ts';
import { completed } from './completion.ts';
import { consumption, consumptionStatement } from './consumption.ts';
import { findMark } from './marks.ts';
import type { Marked } from './marks.ts';
import type { Connection } from './join.ts';
import { stalledOut } from './stalled-out.ts';
import { whyToldToStop } from './told-to-stop.ts';
import { counted, failure, inMs, named, oneOf, within } from './wording.ts';

type Of<Kind extends Expectation['kind']> = Extract<Expectation, { kind: Kind }>;

/** The findings of one expectation, at least one. */
export function examineExpectation(attempt: Attempt, expectation: Expectation): Finding[] {
  if (expectation.kind === 'completes') return completes(attempt, expectation);
  if (expectation.kind === 'fails') return fails(attempt, expectation);
  if (expectation.kind === 'alike') return alike(attempt, expectation.role);
  if (expectation.kind === 'delivers') return delivers(attempt, expectation);
  return [consumption(attempt, expectation)];
}

/** The claim, in one sentence. */
export function statementOf(expectation: Expectation): string {
  const { role } = expectation;
  if (expectation.kind === 'completes') {
    return `Every connection of the ${role} gets through its workload without a failure.`;
  }
  if (expectation.kind === 'alike') return `Every connection of the ${role} leaves the same transcript.`;
  if (expectation.kind === 'fails') {
    return `Every connection of the ${role} that the fault concerns fails with ${failing(expectation)}.`;
  }
  if (expectation.kind === 'delivers') return `Each connection of the ${role} receives ${range(expectation)}.`;
  return consumptionStatement(expectation);
}

/** A breach counts only under the fault, where there is one. */
function breach(attempt: Attempt, words: Words): Finding {
  return attempt.faults.length > 0 ? brokenUnderFault(words) : broken(words);
}

function completes(attempt: Attempt, expectation: Of<'completes'>): Finding[] {
  const { role } = expectation;
  const results = completed(
    attempt,
    role,
    // A client that reconnects gets through in spite of the attempts that were broken.
    placesOfRole(attempt, role).filter((place) => attempt.plan.workload === 'reconnect' || !concerned(attempt, place)),
  );
  const bad = results.filter((result) => !result.ok);
  const expected = `every connection of the ${role} gets through its workload`;
  if (bad.length > 0) {
    return bad.map(({ actual, atMs, connections }) =>
      breachUnlessStalledOut(attempt, connections, { expected, actual, atMs }),
    );
  }
  const last = results.at(-1);
  return [passed({ expected, actual: `${counted(results.length, 'connection')} did`, atMs: last?.atMs ?? null })];
}

/** Whether faults that break connections were aimed at some connections, and this is one of them. */
function concerned({ faults }: Attempt, { connection }: Place): boolean {
  const aimed = faults.map((view) => view.fault).filter((fault) => breaksConnections(fault));
  if (aimed.length === 0 || aimed.some((fault) => !('connections' in fault) || fault.connections === undefined)) {
    return false;
  }
  return aimed.some((fault) => isAimedAt(fault, connection));
}

/** A fault of the proxy names connections by the proxy's numbers, a script by the peer's. */
function isAimedAt(fault: Attempt['faults'][number]['fault'], connection: Connection): boolean {
  if (fault.kind === 'script') return isPlayedOn(fault, connection);
  const conns = 'connections' in fault ? fault.connections : undefined;
  return connection.wire !== null && (conns?.includes(connection.wire.conn) ?? false);
}

/** The places a `fails` speaks of: those the faults were aimed at, else all. */
function placesThatFail(attempt: Attempt, expectation: Of<'fails'>): Place[] {
  const all = placesOfRole(attempt, expectation.role);
  const aimed = all.filter((place) => concerned(attempt, place));
  return aimed.length > 0 ? aimed : all;
}

function fails(attempt: Attempt, expectation: Of<'fails'>): Finding[] {
  const places = placesThatFail(attempt, expectation);
  const expected = expectedFailure(expectation);
  if (places.length === 0 && expectation.role === 'server' && areResetInQueue(attempt))
    return [untold('precondition-not-seen', { expected, actual: 'the server was reset before it came to accept' })];
  if (places.length === 0)
    return [breach(attempt, { expected, actual: `the ${expectation.role} had no connection at all` })];
  const due = attempt.plan.params.connections;
  // A client owes an attempt for each of its connections, however many of them fail.
  if (expectation.role === 'client' && attempt.client.sides.length < due) {
    const actual = `the client made ${attempt.client.sides.length} of ${counted(due, 'connection')}`;
    return [breach(attempt, { expected, actual })];
  }
  const findings = places.map((place) => failsAt(attempt, expectation, place));
  const bad = findings.filter((finding) => finding.outcome !== 'pass');
  if (bad.length > 0) return bad;
  const slowest = findings.toSorted((one, other) => (other.measured?.valueMs ?? 0) - (one.measured?.valueMs ?? 0))[0];
  return slowest === undefined ? [] : [slowest];
}

/** A server that is let run comes to accept within this. */
const ACCEPTED_MS = 200;

/** Every connection was reset by a fault before its server can have been expected to accept it, and Node then tells of none. */
function areResetInQueue({ connections, faults }: Attempt): boolean {
  return connections.length > 0 && connections.every((connection) => isResetInQueue(connection, faults));
}

function isResetInQueue(connection: Connection, faults: Attempt['faults']): boolean {
  const { server, wire } = connection;
  if (server !== null || wire === null || wire.dialedMs === null || wire.upstream.end?.by !== 'reset') return false;
  const isOfFault = faults.some((view) => view.fault.kind === 'reset' && view.on(connection) !== null);
  return isOfFault && wire.upstream.end.atMs - wire.dialedMs < ACCEPTED_MS;
}

function failsAt(attempt: Attempt, expectation: Of<'fails'>, place: Place): Finding {
  const { side } = place;
  const { failed } = side;
  const expected = expectedFailure(expectation);
  if (failed === null) return didNotFail(attempt, expectation, place);
  const right = expectation.codes.includes(failed.event.code) && (expectation.ops?.includes(failed.event.op) ?? true);
  if (!right)
    return breachUnlessStalledOut(attempt, [place.connection], {
      expected,
      actual: `${named(side)} ${failure(failed)}`,
      atMs: failed.atMs,
    });
  if (expectation.within === undefined)
    return passed({ expected, actual: `${named(side)} ${failure(failed)}`, atMs: failed.atMs });
  const marked = findMark(attempt, place, expectation.within.from, failed.atMs);
  if (marked === null)
    return untold('precondition-not-seen', {
      expected,
      actual: `${named(side)} ${failure(failed)}, but what the bound counts from never happened`,
      atMs: failed.atMs,
    });
  return inTime(attempt, { expectation, bounds: expectation.within, place, failedMs: failed.atMs, marked });
}

/** A side that was over before the fault came, or because the host stood still, had nothing to fail by. */
function didNotFail(attempt: Attempt, expectation: Of<'fails'>, place: Place): Finding {
  const { side, connection } = place;
  const over = side.eof ?? side.closed;
  const instead =
    over === null
      ? 'never failed and never closed'
      : over === side.eof
        ? `told of a clean end at ${inMs(over.atMs)}`
        : `closed at ${inMs(over.atMs)} without a failure`;
  const words: Words = {
    expected: expectedFailure(expectation),
    actual: `${named(side)} ${instead}, after ${counted(side.received.length, 'message')}`,
    atMs: over?.atMs ?? null,
  };
  const bites = attempt.faults.flatMap((view) => view.on(connection) ?? []);
  const cameLater = over !== null && bites.length > 0 && bites.every(({ earliestMs }) => earliestMs > over.atMs);
  const { within: bounds } = expectation;
  const toldToStop = bounds === undefined ? null : whyToldToStop(attempt, bounds, place);
  if (toldToStop !== null) return untold(toldToStop, words);
  return cameLater ? untold('precondition-not-seen', words) : breachUnlessStalledOut(attempt, [connection], words);
}

interface Timing {
  readonly expectation: Of<'fails'>;
  readonly bounds: NonNullable<Of<'fails'>['within']>;
  readonly place: Place;
  readonly failedMs: number;
  readonly marked: Marked;
}

/** Upper bounds count from the latest possible instant of the mark, lower ones from the earliest. */
function inTime(attempt: Attempt, { expectation, bounds, place, failedMs, marked }: Timing): Finding {
  const { atLeastMs, atMostMs } = bounds;
  const { tolerance } = attempt;
  const clockMs = marked.ownClock ? 0 : place.process.clockErrorMs;
  const soonestMs = failedMs - marked.span.latestMs;
  const longestMs = failedMs - marked.span.earliestMs;
  // A lower bound of 0 says "not before it": only the stamps' own error stands against that.
  const early = longestMs < atLeastMs - tolerance.forBound(atLeastMs === 0 ? atMostMs : atLeastMs) - clockMs;
  const late = soonestMs > atMostMs + tolerance.forBound(atMostMs) + clockMs;
  const valueMs = early ? longestMs : soonestMs;
  const words: Words = {
    expected: `${failing(expectation)} ${within(atLeastMs, atMostMs, marked.what)}`,
    actual: `${named(place.side)} ${place.side.failed === null ? '' : failure(place.side.failed)}, ${inMs(valueMs)} after it`,
    measured: { valueMs, atLeastMs, atMostMs },
    atMs: failedMs,
  };
  if (!early && !late) return passed(words);
  // What came before the mark cannot have come of it: only a host that stood still can have been its cause.
  if (failedMs < marked.span.earliestMs) return breachUnlessStalledOut(attempt, [place.connection], words);
  const window = { fromMs: marked.span.earliestMs, toMs: failedMs };
  const excessMs = early ? atLeastMs - longestMs : soonestMs - atMostMs;
  const stalled = tolerance.explains({ window, boundMs: atMostMs, excessMs });
  return stalled ? untold('host-stalled', words) : breach(attempt, words);
}

/** A breach proves nothing where a deadline of the connection fired only because the host or the proxy stood still. */
function breachUnlessStalledOut(attempt: Attempt, connections: readonly Connection[], words: Words): Finding {
  return connections.some((connection) => stalledOut(attempt, connection))
    ? untold('host-stalled', words)
    : breach(attempt, words);
}

function delivers(attempt: Attempt, expectation: Of<'delivers'>): Finding[] {
  const places = placesOfRole(attempt, expectation.role);
  const expected = `each connection of the ${expectation.role} receives ${range(expectation)}`;
  if (places.length === 0 && expectation.atLeast > 0)
    return [breach(attempt, { expected, actual: `the ${expectation.role} had no connection at all` })];
  const bad = places.filter(
    ({ side }) => side.received.length < expectation.atLeast || side.received.length > expectation.atMost,
  );
  if (bad.length > 0) {
    return bad.map(({ side, connection }) =>
      breachUnlessStalledOut(attempt, [connection], {
        expected,
        actual: `${named(side)} received ${counted(side.received.length, 'message')}`,
        atMs: side.received.at(-1)?.atMs ?? null,
      }),
    );
  }
  const counts = places.map(({ side }) => side.received.length);
  return [
    passed({
      expected,
      actual:
        counts.length === 1
          ? `it received ${counted(counts[0] ?? 0, 'message')}`
          : `they received ${Math.min(...counts)} to ${Math.max(...counts)}`,
    }),
  ];
}

function expectedFailure(expectation: Of<'fails'>): string {
  return `each connection of the ${expectation.role} fails with ${failing(expectation)}`;
}

function failing({ codes, ops }: Of<'fails'>): string {
  return ops === undefined ? oneOf(codes) : `${oneOf(codes)} on ${oneOf(ops)}`;
}

function range({ atLeast, atMost }: Of<'delivers'>): string {
  return atLeast === atMost ? counted(atLeast, 'message') : `${atLeast} to ${counted(atMost, 'message')}`;
}
