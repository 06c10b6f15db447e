/**
 * One socket of a relayed connection: the client's or the upstream's.
 *
 * Owns the socket, how it is read (every byte before the end that follows it, nothing buffered in between) and how it
 * ends (FIN, RST, close). What is read goes to a reader; what is written comes from an outflow.
 */
import type { NetConnectOpts, Socket, SocketConstructorOpts } from 'node:net';

import { SCRATCH, Slab } from '../stream/slab.ts';
import { LegSocket } from './leg-socket.ts';

/** A socket that read this much at once reads into slabs of its own from then on … */
const BULK_BYTES = 16_384;

/** … until a read is below this: so little is copied, and does not hold a slab. */
const LITTLE_BYTES = 4096;

/** Who takes what a leg reads. */
export interface Reader {
  /** Takes bytes, and a use of the slab that they lie in, if any. False: read no more for now. */
  bytes(bytes: Uint8Array, slab: Slab | undefined): boolean;
  /** The peer ended its direction. */
  end(): void;
  /** The connection broke: a reset, or the kernel gave up. Comes once, also after `end`. */
  broken(error: NodeJS.ErrnoException): void;
  /** The socket is gone. */
  closed(): void;
}

/** A write that fails so says that the connection is gone: there is an end to what can still be read. */
const GONE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

export class Leg {
  readonly socket: Socket;
  #reader: Reader | undefined;
  #slab: Slab | undefined;
  #ended = false;
  #broken = false;
  /** Why a write failed. */
  #failure: NodeJS.ErrnoException | undefined;

  /** @param options of the socket, which must not read yet */
  constructor(options: SocketConstructorOpts) {
    this.socket = new LegSocket(
      {
        ...options,
        allowHalfOpen: true,
        onread: {
          buffer: () => this.#slab?.room ?? SCRATCH,
          callback: (count, buffer) => this.#onBytes(count, buffer),
        },
      },
      (error) => this.#onFailedWrite(error),
    );
    this.socket.on('error', (error) => this.#onError(error));
    this.socket.on('end', () => this.#onEnd());
    this.socket.on('close', () => this.#onClose());
  }

  /** Starts reading. An error that came before is told at once. */
  start(reader: Reader): void {
    this.#reader = reader;
    if (this.socket.destroyed) reader.closed();
    else this.socket.resume();
  }

  /** True when nothing can be written any more. */
  get dead(): boolean {
    return this.#broken || this.#failure !== undefined || this.socket.destroyed;
  }

  pause(): void {
    if (this.#failure === undefined) this.socket.pause();
  }

  resume(): void {
    if (!this.socket.destroyed) this.socket.resume();
  }

  /**
   * Hands bytes to the kernel.
   *
   * @param written called when the kernel has them, if not before this returns
   * @returns true when the kernel has them already
   */
  write(bytes: Uint8Array, written: () => void): boolean {
    let returned = false;
    let taken = false;
    this.socket.write(bytes, () => {
      if (returned && !taken) written();
    });
    returned = true;
    taken = this.socket.writableLength === 0 && this.#failure === undefined;
    return taken;
  }

  /** Ends the writing direction: FIN. */
  finish(): void {
    this.socket.end();
  }

  /** Ends the connection abruptly: RST, on TCP. A FIN that is on its way to the kernel goes first. */
  reset(): void {
    const { socket } = this;
    if (socket.destroyed) return;
    if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => this.#reset());
    else this.#reset();
  }

  /** Closes the socket. The kernel still sends what it has, then FIN (or RST when something was left unread). */
  close(): void {
    this.socket.destroy();
  }

  #reset(): void {
    try {
      this.socket.resetAndDestroy();
    } catch {
      // A Unix socket has no reset.
      this.socket.destroy();
    }
  }

  #onBytes(count: number, buffer: Uint8Array): boolean {
    const reader = this.#reader;
    if (reader === undefined) return false;
    return this.#give(reader, count, buffer) || this.#failure !== undefined;
  }

  #give(reader: Reader, count: number, buffer: Uint8Array): boolean {
    const slab = this.#slab;
    if (slab === undefined || count < LITTLE_BYTES || buffer.buffer === SCRATCH.buffer) {
      if (count < LITTLE_BYTES) this.#dropSlab();
      else if (slab === undefined && count >= BULK_BYTES) this.#slab = new Slab();
      return reader.bytes(Buffer.from(buffer.subarray(0, count)), undefined);
    }
    const bytes = slab.take(count);
    if (slab.room === undefined) {
      this.#dropSlab();
      this.#slab = new Slab();
    }
    return reader.bytes(bytes, slab);
  }

  #dropSlab(): void {
    this.#slab?.release();
    this.#slab = undefined;
  }

  /**
   * Reads what the kernel has before the connection is told to be broken, at once: its receiver may not be reading, and
   * no more can come.
   */
  #onFailedWrite(error: NodeJS.ErrnoException): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    if (this.#ended || !GONE.has(error.code)) this.socket.destroy(error);
    else this.socket.resume();
  }

  #onEnd(): void {
    this.#ended = true;
    // The failed write was told of the reset: reading ends without one.
    if (this.#failure === undefined) this.#reader?.end();
    else this.socket.destroy(this.#failure);
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#reader?.broken(error);
  }

  #onClose(): void {
    this.#dropSlab();
    this.#reader?.closed();
  }
}

interface WithHandle {
  _handle: unknown;
}

/**
 * Makes a leg of an accepted socket.
 *
 * `net.Server` gives no way to choose how its sockets are read, and its own way loses bytes that lie before a reset when
 * reading was paused. So the connection's handle moves to a socket that reads as all legs do; the server must have been
 * made with `pauseOnConnect`, so that nothing was read yet.
 */
export const acceptedLeg = (accepted: Socket): Leg => {
  const source = accepted as unknown as WithHandle;
  const handle = source._handle;
  source._handle = null;
  accepted.destroy();
  return new Leg({ handle, pauseOnCreate: true } as SocketConstructorOpts);
};

/** Starts to connect a leg; its socket tells `connect` or `error`. */
export const dialedLeg = (target: NetConnectOpts): Leg => {
  const leg = new Leg({ noDelay: true });
  leg.socket.connect(target);
  // Before it is connected: otherwise Node starts to read by itself.
  leg.socket.pause();
  return leg;
};
