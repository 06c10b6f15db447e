/**
 * Everything that a side waited for under a deadline: CONTRACT, Deadlines, as data.
 *
 * Owns which deadline runs from when to when; whether each was kept is judged in `settled.ts`.
 */
import type { Attempt, Place } from './attempt.ts';
import { clientSeqs } from './attempt.ts';
import type { Span } from './fault-effects.ts';
import { reaches } from './last-hop.ts';
import { endedMs } from './side.ts';
import { handedOnMs } from './wire-connection.ts';

/** One wait under one deadline. */
export interface Wait {
  readonly op: 'connect' | 'send' | 'recv';
  /** What was waited for: `the echo of message 3`. */
  readonly what: string;
  /** When the deadline began to run. */
  readonly from: Span;
  /** How long it runs. */
  readonly boundMs: number;
  /** When the wait was over; null: it never was. */
  readonly overMs: number | null;
  /** Whether what was waited for came. */
  readonly came: boolean;
  /** Whether both ends of the wait are the side's own stamps, so that no other clock matters. */
  readonly ownClock: boolean;
}

/** Every wait of a side that has a deadline, in order. */
export function waitsOf(attempt: Attempt, place: Place): Wait[] {
  const waits =
    place.side.role === 'client'
      ? [
          ...connectWaits(attempt, place),
          ...sendWaits(attempt, place),
          ...clientRecvWaits(attempt, place),
          ...endWaits(attempt, place),
        ]
      : [...sendWaits(attempt, place), ...serverRecvWaits(attempt, place)];
  return waits.filter((wait) => wait.boundMs > 0);
}

const at = (ms: number): Span => ({ earliestMs: ms, latestMs: ms });

/** A wait is over when what was waited for came, or when the side ended. */
function over(place: Place, cameMs: number | null): Pick<Wait, 'overMs' | 'came'> {
  return cameMs === null ? { overMs: endedMs(place.side), came: false } : { overMs: cameMs, came: true };
}

function connectWaits(attempt: Attempt, place: Place): Wait[] {
  const { connecting, established } = place.side;
  if (connecting === null) return [];
  return [
    {
      op: 'connect',
      what: 'the connection',
      from: at(connecting.atMs),
      boundMs: attempt.plan.params.connectTimeoutMs,
      ...over(place, established?.atMs ?? null),
      ownClock: true,
    },
  ];
}

function sendWaits(attempt: Attempt, place: Place): Wait[] {
  const sentMs = new Map(place.side.sent.map((sent) => [sent.event.seq, sent.atMs]));
  return place.side.sending.map((sending) => ({
    op: 'send',
    what: `message ${sending.event.seq} to be handed over`,
    from: at(sending.atMs),
    boundMs: attempt.plan.params.ioTimeoutMs,
    ...over(place, sentMs.get(sending.event.seq) ?? null),
    ownClock: true,
  }));
}

/** Replies: an echo counts from its message's `sent` or the reply before, a download's from the request or the message before. */
function clientRecvWaits(attempt: Attempt, place: Place): Wait[] {
  const { sent, received } = place.side;
  const { ioTimeoutMs, paceMs } = attempt.plan.params;
  if (attempt.ledger.echoes) {
    return sent.map((own, index) => {
      const fromMs = Math.max(own.atMs, received[index - 1]?.atMs ?? 0);
      const what = `the echo of message ${own.event.seq}`;
      return {
        op: 'recv',
        what,
        from: at(fromMs),
        boundMs: ioTimeoutMs,
        ...over(place, received[index]?.atMs ?? null),
        ownClock: true,
      };
    });
  }
  const request = sent[0];
  if (attempt.plan.workload !== 'download' || request === undefined) return [];
  const begun = Math.min(received.length + 1, attempt.ledger.messages);
  return Array.from({ length: begun }, (_, index) => {
    const fromMs = Math.max(request.atMs, received[index - 1]?.atMs ?? 0);
    const boundMs = ioTimeoutMs === 0 ? 0 : ioTimeoutMs + paceMs;
    return {
      op: 'recv',
      what: `message ${index}`,
      from: at(fromMs),
      boundMs,
      ...over(place, received[index]?.atMs ?? null),
      ownClock: true,
    };
  });
}

/** The peer's end: from the own `shutdown`, in `download` from the last `received`. An upload's reply ends with it. */
function endWaits(attempt: Attempt, place: Place): Wait[] {
  const { shutdown, received, eof, sent } = place.side;
  const { workload, params } = attempt.plan;
  if (workload === 'connect') return [];
  const last = workload === 'download' ? received[attempt.ledger.messages - 1] : shutdown;
  if (last === null || last === undefined) return [];
  const pausedMs = workload === 'slow-reader' ? params.readPauseMs : 0;
  const replySinceMs = workload === 'upload' ? (sent[0]?.atMs ?? last.atMs) : last.atMs;
  return [
    {
      op: 'recv',
      what: "the peer's end",
      from: { earliestMs: Math.min(replySinceMs, last.atMs), latestMs: Math.max(replySinceMs, last.atMs) },
      boundMs: params.ioTimeoutMs === 0 ? 0 : params.ioTimeoutMs + pausedMs,
      ...over(place, eof?.atMs ?? null),
      ownClock: true,
    },
  ];
}

/** A server's message is under way from the first byte it can have read, which the proxy tells, to its `received`. */
function serverRecvWaits(attempt: Attempt, place: Place): Wait[] {
  const { connection, side } = place;
  const { workload, params } = attempt.plan;
  // A script's messages begin where it says, not where the workload does.
  if (connection.wire === null || attempt.scripted !== null || workload === 'idle' || workload === 'connect') return [];
  // When a message's first byte came, a server does not tell.
  if (!reaches(attempt.plan, 'server')) return [];
  const ends = attempt.ledger.ends('upstream', clientSeqs(attempt, connection));
  const waits: Wait[] = [];
  // A message is waited for once the one before was received.
  for (let index = 0; index < ends.length && index <= side.received.length; index += 1) {
    const handedMs = handedOnMs(connection.wire.upstream, ends[index - 1] ?? 0);
    if (handedMs === null) break;
    waits.push({
      op: 'recv',
      what: `message ${index}, whose first byte had come`,
      from: { earliestMs: handedMs, latestMs: Math.max(handedMs, freeMs(attempt, place, index)) },
      boundMs: params.ioTimeoutMs,
      ...over(place, side.received[index]?.atMs ?? null),
      ownClock: false,
    });
  }
  return waits;
}

/** From when on a server could read its message `index`: it had paused, read and answered what came before. */
function freeMs({ plan, ledger }: Attempt, { side }: Place, index: number): number {
  const acceptedMs = side.established?.atMs ?? 0;
  const before = index - 1;
  if (before < 0) return acceptedMs + (plan.workload === 'slow-reader' ? plan.params.readPauseMs : 0);
  const answeredMs = ledger.echoes ? (side.sent[before]?.atMs ?? 0) : 0;
  return Math.max(side.received[before]?.atMs ?? 0, answeredMs);
}
