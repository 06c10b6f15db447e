/**
 * Released: no socket, descriptor, growing memory or busy loop is left once the exchange is over.
 *
 * Owns the comparison of the harness's own readings of a process, never of what the subject says of itself. Where none
 * could be taken it is shown as not checked.
 */
import type { RecordOf } from '../evidence/record.ts';
import type { Attempt } from './attempt.ts';
import { broken, notChecked, passed } from './finding.ts';
import type { Finding, Invariant } from './finding.ts';
import { connectionStates, OWN_FDS } from './holdings.ts';
import type { Process } from './process.ts';
import { takenAway } from './process.ts';
import { counted, inMs, roundMs } from './wording.ts';

export const released: Invariant = {
  name: 'released',
  statement: 'Once the exchange is over no socket, descriptor, growing memory or busy loop is left.',
  examine,
};

type Reading = RecordOf<'reading'>;

/** What a runtime's heap may grow by without anything being kept, messages in flight aside. */
const OWN_BYTES = 96 * 1024 * 1024;

/** Copies of a message that may be in memory at a time: in the program's hands and in its buffers. */
const COPIES = 8;

/** A process that only waits uses next to no time on a core; one that spins uses all that others leave it. */
const BUSY_SHARE = 0.6;
const BUSY_FROM_MS = 400;
/** Less than this is what any program needs for its few messages, however little the others left it. */
const LEAST_BUSY_MS = 300;

/** How a reading names a socket whose state was not looked up. */
const UNRESOLVED = 'socket';

/** Above so many events of the proxy a process had enough to do to be busy. */
const QUIET_EVENTS = 400;

function examine(attempt: Attempt): Finding[] {
  const processes = [attempt.server, attempt.client].filter((process) => !takenAway(process));
  const read = processes.filter((process) => process.readings.settled !== null);
  const expected = 'nothing is held once the exchange is over';
  if (read.length === 0) return [notChecked(expected, 'the kernel was not asked, or did not tell')];
  const breaches = read.flatMap((process) => [
    ...heldSockets(process),
    ...heldDescriptors(process),
    ...grownMemory(attempt, process),
    ...busyLoop(attempt, process),
  ]);
  if (breaches.length > 0) return breaches;
  const unread = processes.filter((process) => !read.includes(process));
  return [
    passed({ expected, actual: read.map((process) => holdings(process)).join('; ') }),
    ...unread.map(({ role }) => notChecked(`the ${role} holds nothing`, 'the kernel did not tell')),
    ...read.flatMap((process) => uncompared(attempt, process)),
  ];
}

/** What one reading alone does not tell, nor readings without the proxy's word. */
function uncompared({ wireTold }: Attempt, { role, readings }: Process): Finding[] {
  if (readings.begun === null) {
    const why = 'the kernel did not tell of its beginning';
    return [notChecked(`the ${role} gathers no descriptors and no memory, and rests while it waits`, why)];
  }
  if (wireTold) return [];
  return [notChecked(`the ${role} rests while it waits`, 'the proxy does not tell how much it had to do')];
}

/** Sockets beyond the listener, those from before the first connection, and the connections not told of as closed. */
function heldSockets(process: Process): Finding[] {
  const { settled } = process.readings;
  if (settled === null) return [];
  const mostHeld = openAt(process, settled) + heldAllAlong(process.readings);
  const held = socketsOf(settled);
  if (held <= mostHeld) return [];
  return [
    broken({
      expected: `the ${process.role} holds ${mostHeld === 0 ? 'no socket' : `at most ${counted(mostHeld, 'socket')}`}, having told of its other connections as closed`,
      actual: `the kernel says it held ${held} at ${inMs(settled.atMs)}: ${connectionStates(settled)}`,
      atMs: settled.atMs,
    }),
  ];
}

/**
 * Sockets of a server's own, to a log or a resolver, say: those in a state in which it had some when it began to listen. A
 * connection left in another state is none of them. A client's first event may come with its first connection.
 */
function heldAllAlong({ begun, settled }: Process['readings']): number {
  if (begun === null || settled?.role !== 'server') return 0;
  const before = statesOf(begun);
  return Object.entries(statesOf(settled)).reduce(
    (sum, [state, count]) => sum + Math.min(count, before[state] ?? 0),
    0,
  );
}

/** Connections that the process had begun and not closed before the reading was taken. */
function openAt({ sides }: Process, reading: Reading): number {
  const fromMs = reading.atMs - reading.tookMs;
  return sides.filter(({ closed }) => closed === null || closed.arrivedMs > fromMs).length;
}

/** Network sockets but the listener's. */
function socketsOf(reading: Reading): number {
  return Object.values(statesOf(reading)).reduce((sum, count) => sum + count, 0);
}

/** The same by state. */
function statesOf({ sockets, role }: Reading): Record<string, number> {
  const { LISTEN: listening, [UNRESOLVED]: unresolved = 0, ...others } = sockets;
  // Where it has only the one that it should have, its state was not looked up.
  const isListener = role === 'server' && listening === undefined && unresolved > 0;
  return { ...others, [UNRESOLVED]: unresolved - (isListener ? 1 : 0) };
}

function heldDescriptors(process: Process): Finding[] {
  const { begun, settled } = process.readings;
  if (begun === null || settled === null) return [];
  const more = settled.fds - socketsOf(settled) - (begun.fds - socketsOf(begun));
  if (more <= OWN_FDS) return [];
  return [
    broken({
      expected: `the ${process.role} holds about as many descriptors as when it began, ${begun.fds}`,
      actual: `it held ${more} more at ${inMs(settled.atMs)}, sockets not counted`,
      atMs: settled.atMs,
    }),
  ];
}

function grownMemory({ plan }: Attempt, process: Process): Finding[] {
  const { begun, settled } = process.readings;
  if (begun === null || settled === null) return [];
  const { messageBytes, connections, concurrency } = plan.params;
  const allowed = OWN_BYTES + COPIES * messageBytes * Math.min(connections, concurrency);
  const grown = settled.residentBytes - begun.residentBytes;
  if (grown <= allowed) return [];
  return [
    broken({
      expected: `the ${process.role} grows by at most ${inMiB(allowed)}`,
      actual: `it had grown by ${inMiB(grown)} at ${inMs(settled.atMs)}`,
      atMs: settled.atMs,
    }),
  ];
}

function busyLoop(attempt: Attempt, process: Process): Finding[] {
  const { begun, settled } = process.readings;
  if (begun === null || settled === null || attempt.wireEvents > QUIET_EVENTS || !attempt.wireTold) return [];
  const wallMs = settled.atMs - begun.atMs;
  const busyMs = settled.cpuMs - begun.cpuMs;
  const keptMs = (settled.waitedMs ?? 0) - (begun.waitedMs ?? 0);
  if (wallMs < BUSY_FROM_MS || busyMs < BUSY_SHARE * (wallMs - keptMs) || busyMs < LEAST_BUSY_MS) return [];
  return [
    broken({
      expected: `the ${process.role} rests while it waits`,
      actual: `it was on a core for ${inMs(busyMs)} of ${inMs(wallMs)}${keptMs >= 1 ? `, ${inMs(keptMs)} of which it had to wait for one` : ''}, with ${counted(attempt.wireEvents, 'event')} at the proxy`,
      atMs: settled.atMs,
    }),
  ];
}

function holdings({ role, readings }: Process): string {
  const { begun, settled } = readings;
  if (settled === null) return `the ${role} was not read`;
  const grown =
    begun === null ? '' : `, ${inMiB(settled.residentBytes - begun.residentBytes)} more memory than at first`;
  const held = socketsOf(settled) === 0 ? 'no socket' : connectionStates(settled);
  return `the ${role} held ${held}, ${settled.fds} descriptors${grown}`;
}

function inMiB(bytes: number): string {
  return `${roundMs(bytes / 1024 / 1024)} MiB`;
}
