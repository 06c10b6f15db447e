/**
 * The parts of a subject that a program can get wrong, as values.
 *
 * Owns the correct ones. `../broken/` holds subjects with one of them replaced.
 */
import { Deadline } from '../socket/deadline.ts';
import type { Socket } from '../socket/socket.ts';
import { SocketError } from '../socket/socket-error.ts';
import type { Bounds } from '../socket/wait.ts';
import { failureOf, type Failure } from './failure.ts';
import { framingOf, type Framing, type Message } from './framing.ts';
import type { Params, Task } from './params.ts';

/** How long a whole message may take. */
export interface Timekeeping {
  /** A message begins to count: `ms` is all it has, 0 means for ever. */
  readonly begin: (deadline: Deadline, ms: number) => void;
  /** Some bytes of it have come. */
  readonly progress: (deadline: Deadline, ms: number) => void;
}

/** How a client goes on after a connection has failed. */
export interface Retrying {
  /** The first message to send on the next connection, `echoed` of them being done. */
  readonly resumeAt: (echoed: number) => number;
  /** Whether to try again, with `left` retries. */
  readonly worthwhile: (failure: Failure, left: number) => boolean;
  /** How long to wait before a retry, at most `boundMs`. */
  readonly pauseMs: (boundMs: number) => number;
  /** The retries there are once a connection stands: `left` of `retries` were left. */
  readonly afterConnect: (left: number, retries: number) => number;
  /** The retries there are once a message was echoed. */
  readonly afterEcho: (left: number, retries: number) => number;
}

/** How a connection's script ended: it was played, it was told to stop, or it failed. */
export type Outcome = 'done' | 'stopped' | Failure;

export interface Pieces {
  /** Whether this subject plays such a task at all. */
  readonly speaks: (task: Task) => boolean;
  /** How messages are cut out of the stream. */
  readonly framingOf: (params: Params) => Promise<Framing>;
  readonly timekeeping: Timekeeping;
  /** The time that a connect has; 0 means for ever. */
  readonly connectWithin: (ms: number) => Deadline;
  /** Waiting for bytes begins: the peer may be silent for `ms` before it counts as dead, 0 means for ever. */
  readonly watchSilence: (silence: Deadline, ms: number) => void;
  /** Hands a whole message to the socket. */
  readonly handOver: (socket: Socket, wire: Uint8Array, bounds: Bounds) => Promise<void>;
  /** Ends the own writing; the peer may go on. */
  readonly endWriting: (socket: Socket, bounds: Bounds) => Promise<void>;
  /** Whether a reply is the one due. */
  readonly isDue: (found: Message, due: Message) => boolean;
  /** What to tell of an error; `stopped`: nothing. */
  readonly failureOf: (error: unknown) => Failure | 'stopped';
  /** Lets go of a connection. */
  readonly letGo: (socket: Socket, outcome: Outcome) => Promise<void>;
  /** What a server waits for before it accepts the next connection, one being served. */
  readonly alongside: (serving: Promise<void>) => Promise<void> | undefined;
  /** Whether a client goes on to its other connections. */
  readonly goesOn: (outcome: Outcome) => boolean;
  readonly retrying: Retrying;
}

/** What the peer has not taken by now is dropped: either a failure was told before, or nothing more was due. */
async function closeAtOnce(socket: Socket): Promise<void> {
  try {
    await socket.close({ lingerMs: 0 });
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
  }
}

export const CORRECT: Pieces = {
  speaks: () => true,
  framingOf,
  timekeeping: {
    begin: (deadline, ms) => deadline.start(ms),
    // A byte received never restarts a deadline.
    progress: () => {},
  },
  connectWithin: (ms) => Deadline.after(ms),
  watchSilence: (silence, ms) => silence.start(ms),
  handOver: async (socket, wire, bounds) => await socket.sendAll(wire, bounds),
  endWriting: async (socket, bounds) => await socket.shutdown('write', bounds),
  isDue: (found, due) => found.type === due.type && Buffer.compare(found.payload, due.payload) === 0,
  failureOf,
  letGo: closeAtOnce,
  // Connections are served side by side.
  alongside: () => undefined,
  goesOn: () => true,
  retrying: {
    resumeAt: (echoed) => echoed,
    worthwhile: (_failure, left) => left > 0,
    pauseMs: (boundMs) => Math.random() * boundMs,
    afterConnect: (left) => left,
    afterEcho: (_left, retries) => retries,
  },
};
