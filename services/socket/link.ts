/**
 * What is known of one connection: bytes set aside, how far each direction has come, and how it broke.
 *
 * Owns the state that the kernel's reports change, and wakes whoever waits for a change. The calls that read and
 * change it are `receiving.ts`, `sending.ts` and `socket.ts`. It never refers to the `Socket` in the user's hands, so
 * that a socket that is dropped without a close can be noticed.
 */
import { CHUNK_BYTES, type KernelEvents, type KernelStream, type NextRead } from './kernel-stream.ts';
import { fromKernel, SocketError, type FailureDetails, type Operation, type SocketCode } from './socket-error.ts';
import { Wait, type Bounds } from './wait.ts';

const EMPTY = new Uint8Array(0);

/** What a receive that waits does with the next bytes. */
export interface Wanted {
  /** How many of them it takes. */
  readonly bytes: number;
  /** Where it wants them: what does not fit is set aside. */
  readonly memory?: Uint8Array;
  /** How many were written there. */
  filled: number;
}

/** Those who wait for a change of one direction. */
class Waiters {
  readonly #wakes = new Set<() => void>();

  /** Settles at the next `wake`, or when a bound is reached. */
  next(op: Operation, bounds: Bounds, details: () => FailureDetails): Promise<void> {
    const wait = new Wait<void>(op, bounds, details);
    wait.finally(this.watch(() => wait.resolve()));
    return wait.promise;
  }

  /** Has `wake` called at every change until the returned function is called. */
  watch(wake: () => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  wake(): void {
    for (const wake of this.#wakes) wake();
  }
}

/** One end of a connection. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** No port is 0: the kernel says so, or nothing, once the connection is over. */
function address(host: string | undefined, port: number | undefined): Address | undefined {
  return host === undefined || port === undefined || port === 0 ? undefined : { host, port };
}

/** Both, in memory that is nobody else's: `Buffer.concat` may take a part of what others have parts of. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** One connection, as far as the kernel has told of it. */
export class Link {
  readonly stream: KernelStream;
  /** Where the other end is, for messages. */
  peer: string | undefined;
  /** Both ends of a TCP connection, asked for while it stands: the kernel forgets them with it. */
  local: Address | undefined;
  remote: Address | undefined;
  /** Bytes received and not handed out: at most one kernel read, or what a failed `recvExactly` gave back. */
  aside: Uint8Array = EMPTY;
  /** What the receive that waits will take, while one waits. */
  wanted: Wanted | undefined;
  /** The connection is not made yet. */
  connecting: boolean;
  /** The peer has ended its writing, and everything before that was received. */
  peerEnded = false;
  /** The first reason why nothing more can be sent on this connection; kept for ever. */
  broken: SocketError | undefined;
  /** A call was told of that reason. */
  told = false;
  /** This side has closed the socket. */
  closedHere = false;
  /** The descriptor is closed: the kernel has nothing more to say. */
  gone = false;
  readonly readers = new Waiters();
  readonly writers = new Waiters();
  readonly #closed = Promise.withResolvers<void>();

  constructor(open: (events: KernelEvents) => KernelStream) {
    this.stream = open({
      connect: () => this.#onConnect(),
      bytes: (chunk, given) => this.#onBytes(chunk, given),
      taken: () => this.writers.wake(),
      end: () => this.#onEnd(),
      error: (error) => this.#onError(error),
      close: () => this.#onClose(),
    });
    this.connecting = this.stream.pending;
    this.#rememberEnds();
  }

  /** Resolves when the descriptor is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** An error of this connection. */
  error(op: Operation, code: SocketCode, what: string, details: FailureDetails = {}): SocketError {
    return new SocketError(op, code, what, { peer: this.peer, ...details });
  }

  /** The error of a call on a connection that broke: the first reason, whichever call was told of it. */
  brokenError(op: Operation, broken: SocketError, details: FailureDetails = {}): SocketError {
    this.told = true;
    return this.error(op, broken.code, broken.reason, { cause: broken.cause, ...details });
  }

  /** Wakes everybody: the caller changed what they wait for. */
  wakeAll(): void {
    this.readers.wake();
    this.writers.wake();
  }

  /** Throws what keeps every call from being served. */
  checkOpen(op: Operation, details: FailureDetails): void {
    if (this.closedHere) throw this.error(op, 'not-open', 'this side has closed the socket', details);
    if (this.connecting) throw this.error(op, 'would-block', 'the connection is not made yet', details);
  }

  #rememberEnds(): void {
    const { localAddress, localPort, remoteAddress, remotePort } = this.stream;
    this.local = address(localAddress, localPort);
    this.remote = address(remoteAddress, remotePort);
    if (this.remote !== undefined) this.peer = `${this.remote.host}:${this.remote.port}`;
  }

  #onConnect(): void {
    this.connecting = false;
    this.#rememberEnds();
    this.wakeAll();
  }

  /** Reading goes on after bytes that are all wanted: whoever takes them all is likely to come back for more. */
  #onBytes(chunk: Uint8Array, given: boolean): NextRead {
    const { wanted } = this;
    this.wanted = undefined;
    let used = wanted?.bytes ?? 0;
    if (wanted?.memory !== undefined) {
      used = wanted.filled = Math.min(wanted.memory.length, chunk.length);
      // Memory that its owner has given away meanwhile has no length, and no `set`.
      if (wanted.filled > 0) wanted.memory.set(chunk.subarray(0, wanted.filled));
      this.#setAside(chunk.subarray(wanted.filled), given);
    } else {
      this.#setAside(chunk, given);
    }
    this.readers.wake();
    if (used < chunk.length) return 'stop';
    return wanted?.memory === undefined && chunk.length === CHUNK_BYTES ? 'give' : 'go-on';
  }

  #setAside(bytes: Uint8Array, given: boolean): void {
    if (bytes.length === 0) return;
    if (this.aside.length > 0) this.aside = joined(this.aside, bytes);
    // Few bytes would keep all the memory of a read.
    else this.aside = given && bytes.length > CHUNK_BYTES / 2 ? bytes : bytes.slice();
  }

  #onEnd(): void {
    this.peerEnded = true;
    this.readers.wake();
  }

  #onError(error: Error): void {
    this.broken ??= fromKernel(this.connecting ? 'connect' : 'recv', error, { peer: this.peer });
    this.wakeAll();
  }

  #onClose(): void {
    this.gone = true;
    this.connecting = false;
    this.#closed.resolve();
    this.wakeAll();
  }
}
