/**
 * One socket of a relayed connection: the client's or the upstream's.
 *
 * Owns the socket, how it is read (every byte before the end that follows it, nothing buffered in between) and how it
 * ends (FIN, RST, close). What is read goes to a reader; what is written comes from an outflow.
 */
import { connect, Socket, type NetConnectOpts, type SocketConstructorOpts } from 'node:net';

import { SCRATCH, Slab } from '../stream/slab.ts';

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

type ReadOptions = Pick<SocketConstructorOpts, 'onread' | 'allowHalfOpen'>;

export class Leg {
  readonly socket: Socket;
  #reader: Reader | undefined;
  #slab: Slab | undefined;
  #broken = false;

  /** @param make makes the socket, which must not read yet, with these options */
  constructor(make: (options: ReadOptions) => Socket) {
    this.socket = make({
      allowHalfOpen: true,
      onread: { buffer: () => this.#slab?.room ?? SCRATCH, callback: (count, buffer) => this.#onBytes(count, buffer) },
    });
    this.socket.on('error', (error) => this.#onError(error));
    this.socket.on('end', () => this.#reader?.end());
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
    return this.#broken || this.socket.destroyed;
  }

  pause(): void {
    this.socket.pause();
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
    taken = this.socket.writableLength === 0;
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
  return new Leg((options) => new Socket({ ...options, handle, pauseOnCreate: true } as SocketConstructorOpts));
};

/** Starts to connect a leg; its socket tells `connect` or `error`. */
export const dialedLeg = (target: NetConnectOpts): Leg =>
  new Leg((options) => {
    // Paused before it connects: otherwise Node starts to read by itself.
    const socket = connect({ ...target, ...options, noDelay: true } as NetConnectOpts);
    socket.pause();
    return socket;
  });
