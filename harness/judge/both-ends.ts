/**
 * Whether the subjects told of the same connections as the proxy, by the same ports.
 *
 * Owns the comparison, part of the invariant `contract`: a side that is not told, or told with a wrong port, would leave
 * nothing to ask the other questions of. Joining itself is `join.ts`.
 */
import type { Role } from '../contract/words.ts';
import type { Attempt } from './attempt.ts';
import { mayBeTurnedAway } from './descriptors.ts';
import { broken, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Connection } from './join.ts';
import { reaches } from './last-hop.ts';
import { couldRunIn, takenAway } from './process.ts';
import type { Process } from './process.ts';
import type { Side } from './side.ts';
import { stalledOut } from './stalled-out.ts';
import type { Window } from './tolerance.ts';
import { counted, inMs, named } from './wording.ts';

/** A server that lives this long after a connection was made to it had the time to accept it. */
const TO_ACCEPT_MS = 1_000;

/** Breaches only: none where both subjects told of what the proxy did. */
export function untoldConnections(attempt: Attempt): Finding[] {
  if (!attempt.wireTold) return fewerThanAnswered(attempt);
  return [...unreached(attempt), ...ofServer(attempt), ...ofClient(attempt)];
}

/** The proxy's connections to the port that the server named. */
function unreached({ connections, plan, server }: Attempt): Finding[] {
  // A server that crashed is told as that.
  if (server.exited !== null && server.exited.status !== 0) return [];
  if (plan.faults.some(({ kind }) => kind === 'refuse' || kind === 'hang-connect')) return [];
  if (!reaches(plan, 'server')) return [];
  const listening = server.events.find(({ event }) => event.event === 'listening')?.event;
  return connections.flatMap(({ wire }) => {
    const failed = wire?.dialFailed ?? null;
    // Connected and then reset: it could be reached.
    if (wire === null || failed === null || failed.code === 'other') return [];
    if (!couldAccept(server, { fromMs: wire.acceptedMs, toMs: failed.atMs })) return [];
    const port = listening?.event === 'listening' ? ` ${listening.port}` : '';
    return [
      broken({
        expected: `the server can be reached on the port${port} that it named`,
        actual: `the proxy could not reach it there at ${inMs(failed.atMs)}: ${failed.code}${failed.message === '' ? '' : `, ${failed.message}`}`,
        atMs: failed.atMs,
      }),
    ];
  });
}

/** Whether the server was there and had to accept all through the window. */
function couldAccept(server: Process, window: Window): boolean {
  const overMs = Math.min(server.inputEnded?.atMs ?? Infinity, server.exited?.atMs ?? Infinity);
  return overMs > window.toMs && couldRunIn(server, window);
}

function ofServer(attempt: Attempt): Finding[] {
  const strays = straysOf(attempt, 'server');
  // A dial that was given up may have reached the server all the same, by a port that the proxy never told.
  const givenUp = attempt.connections.filter(
    ({ wire }) => wire !== null && wire.serverPort === null && wire.dialFailed?.code !== 'refused',
  ).length;
  if (strays.length > 0) return strays.length > givenUp ? [wrongPort(strays, 'accepted.peerPort')] : [];
  return attempt.connections.flatMap((connection) => notAccepted(attempt, connection));
}

function notAccepted(attempt: Attempt, connection: Connection): Finding[] {
  const { server, wire } = connection;
  if (server !== null || wire === null || wire.dialedMs === null) return [];
  if (mayBeTurnedAway(attempt.plan, wire)) return [];
  const answeredMs = wire.downstream.read[0]?.atMs ?? null;
  if (answeredMs === null && mayNeverBeAccepted(attempt.server, connection, wire.dialedMs)) return [];
  const words = {
    expected: `the server tells that it accepted connection ${wire.conn}, which the proxy made to it at ${inMs(wire.dialedMs)}`,
    actual:
      answeredMs === null
        ? 'it told nothing of it'
        : `it told nothing of it, yet sent bytes on it at ${inMs(answeredMs)}`,
    atMs: wire.dialedMs,
  };
  return [answeredMs === null && stalledOut(attempt, connection) ? untold('host-stalled', words) : broken(words)];
}

/** A connection that is reset while it waits to be accepted may be gone by then; a server that winds down accepts no more. */
function mayNeverBeAccepted(server: Process, { wire }: Connection, dialedMs: number): boolean {
  if (wire?.upstream.end?.by === 'reset' || wire?.downstream.sendersEnd?.by === 'reset') return true;
  return !couldAccept(server, { fromMs: dialedMs, toMs: dialedMs + TO_ACCEPT_MS });
}

function ofClient(attempt: Attempt): Finding[] {
  const strays = straysOf(attempt, 'client');
  const unclaimed = attempt.connections.filter(
    ({ client, wire }) => client === null && wire !== null && wire.upstream.read.length > 0,
  );
  // A connect can succeed in the queue of a listener that is then closed: the proxy never had such a connection.
  const proved = strays.filter((side) => hasHeard(side));
  const wrong = unclaimed.length > 0 ? strays : proved;
  if (wrong.length > 0) return [wrongPort(wrong, 'connected.localPort')];
  if (unclaimed.length === 0) return silentConnections(attempt);
  return unclaimed.map(({ wire }) =>
    broken({
      expected: `the client tells of connection ${wire?.conn ?? 0}, on which it sent bytes`,
      actual: 'it told of no connection with its port',
      atMs: wire?.acceptedMs ?? null,
    }),
  );
}

/** Connections on which nothing was sent: each belongs to an attempt that was told of and never came to be for the client. */
function silentConnections({ connections, client, scripted }: Attempt): Finding[] {
  if (scripted === 'client' || takenAway(client)) return [];
  const silent = connections.filter(({ client: side, wire }) => side === null && wire !== null);
  const abandoned = client.sides.filter((side) => side.established === null).length;
  const last = silent.at(-1)?.wire ?? null;
  if (last === null || silent.length <= abandoned) return [];
  return [
    broken({
      expected: `the client tells of each connection that it makes`,
      actual: `the proxy had ${counted(silent.length, 'connection')} that the client told nothing of, and ${abandoned} that it gave up`,
      atMs: last.acceptedMs,
    }),
  ];
}

/** Established sides that the proxy tells nothing of. */
function straysOf({ connections }: Attempt, role: Role): Side[] {
  return connections.flatMap((connection) => {
    const side = connection[role];
    return side !== null && side.established !== null && connection.wire === null ? [side] : [];
  });
}

function hasHeard({ received, heard }: Side): boolean {
  return received.length > 0 || heard.length > 0;
}

function wrongPort(strays: readonly Side[], key: string): Finding {
  const [first] = strays;
  const more = strays.length > 1 ? `, the first of ${counted(strays.length, 'connection')}` : '';
  const name = first === undefined ? 'the side' : named(first);
  return broken({
    expected: `${key} of ${name} is the port that the proxy knows the connection by`,
    actual: `it was ${first?.port ?? 'not told'}, and the proxy had no connection with that port${more}`,
    atMs: first?.established?.atMs ?? null,
  });
}

/** Where the proxy tells nothing: each client that was answered was answered by a server that accepted it. */
function fewerThanAnswered({ client, server }: Attempt): Finding[] {
  const answered = client.sides.filter((side) => hasHeard(side)).length;
  const accepted = server.sides.filter((side) => side.established !== null).length;
  if (accepted >= answered) return [];
  return [
    broken({
      expected: `the server tells that it accepted each of the ${counted(answered, 'connection')} it answered on`,
      actual: `it told of ${accepted}`,
    }),
  ];
}
