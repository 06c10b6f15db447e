/**
 * The thin layer over `node:net` that makes a stream behave like a kernel socket.
 *
 * Owns every place where Node's own behaviour had to be turned off, and nothing else: what the calls mean is
 * `socket.ts`, which is the only user. Three things are different from a plain `net.Socket`:
 *
 * - Bytes are pulled, through `onread` returning false once they are more than somebody waits for. A stream that is paused
 *   in any other way loses what the kernel still held when a reset arrives; this one hands over every byte first.
 * - An error of a write or a shutdown does not destroy the stream. Bytes that arrived before the connection broke can
 *   still be read, as with a kernel socket.
 * - Connected and accepted streams are the same. `net.createServer` ignores `onread`, so an accepted stream gives up its
 *   handle to a new one.
 */
import * as net from 'node:net';

/** What the kernel reports, each at the moment it is known. */
export interface KernelEvents {
  /** The connection stands. */
  readonly connect: () => void;
  /**
   * One read gave these bytes, and the answer says what the next one is to do. Unless they are `given`, for the receiver
   * to keep, their memory is reused as soon as the call returns.
   */
  readonly bytes: (chunk: Uint8Array, given: boolean) => NextRead;
  /** The kernel has taken what was written, or refused it: `error` was called before. */
  readonly taken: () => void;
  /** The peer ended its writing. */
  readonly end: () => void;
  /** The connection failed. `write` and `shutdown` errors come here too, and leave reading possible. */
  readonly error: (error: Error) => void;
  /** The descriptor is closed. */
  readonly close: () => void;
}

/**
 * `stop`: no more is read until the next `pull()` · `go-on`: what comes next is used up at once · `give`: what comes
 * next is kept, and had better be read into memory that is nobody else's.
 */
export type NextRead = 'stop' | 'go-on' | 'give';

/** The most that one kernel read gives, and the most that one write hands over. */
export const CHUNK_BYTES = 65_536;

/**
 * Where the kernel writes what is not given away. One for all streams of a thread: libuv asks for memory, reads and calls
 * back in one go, so no two reads are ever under way at once, and an idle connection costs no buffer.
 */
const landing = new Uint8Array(CHUNK_BYTES);

/** Memory for one read, to be given away. It is written before it is seen, so it need not be cleared. */
function freshMemory(): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(CHUNK_BYTES).buffer);
}

/** What this file needs of a libuv handle. */
interface Handle {
  /** Bytes handed over that the kernel has not taken. */
  readonly writeQueueSize: number;
}

/** The handle of a stream, as `net.Socket` keeps it in its undocumented `_handle`: null once closed. */
function handleOf(stream: net.Socket): Handle | null {
  const handle: unknown = Reflect.get(stream, '_handle');
  return isHandle(handle) ? handle : null;
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'writeQueueSize' in value;
}

function optionsFor(events: KernelEvents, handle: Handle | undefined): net.SocketConstructorOpts {
  let memory: Uint8Array = landing;
  const callback = (count: number): boolean => {
    const next = events.bytes(memory.subarray(0, count), memory !== landing);
    memory = next === 'give' ? freshMemory() : landing;
    return next !== 'stop';
  };
  const options: net.SocketConstructorOpts = {
    allowHalfOpen: true,
    noDelay: true,
    onread: { buffer: () => memory, callback },
  };
  // Undocumented: a stream may continue on a handle, and would read from it at once.
  return handle === undefined ? options : Object.assign(options, { handle, manualStart: true });
}

/** A `net.Socket` that pulls, and that a failed write leaves readable. */
export class KernelStream extends net.Socket {
  readonly #events: KernelEvents;

  /** A stream yet to be connected, or one that continues on `handle`. */
  constructor(events: KernelEvents, handle?: Handle) {
    super(optionsFor(events, handle));
    this.#events = events;
    this.on('connect', events.connect);
    this.on('end', events.end);
    this.on('error', events.error);
    this.on('close', events.close);
    // A stream that is not paused would read by itself once connected.
    this.pause();
  }

  /** Takes over a connection that `net.Server` accepted with `pauseOnConnect`: nothing of it has been read. */
  static adopt(accepted: net.Socket, events: KernelEvents): KernelStream {
    const handle = handleOf(accepted);
    if (handle === null) throw new Error('adopt: the accepted stream has no handle');
    Reflect.set(accepted, '_handle', null);
    const stream = new KernelStream(events, handle);
    // Without its handle nothing is closed by this; it lets the server forget the stream.
    accepted.destroy();
    return stream;
  }

  /** Asks for one more kernel read, and those that are to follow it. */
  pull(): void {
    this.resume();
  }

  /** TCP keepalive with all its times. */
  keepAlive(idleMs: number, intervalMs: number, count: number): void {
    this.setKeepAlive(true, idleMs, intervalMs, count);
  }

  /** Closes the descriptor with a reset; a Unix socket knows none and is closed. */
  abort(): void {
    if (this.destroyed) return;
    if (this.remotePort === undefined) this.destroy();
    else this.resetAndDestroy();
  }

  /** Bytes written that the kernel has not taken yet. */
  get queuedBytes(): number {
    return handleOf(this)?.writeQueueSize ?? 0;
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    super._write(chunk, encoding, this.#keepOpen(done));
  }

  override _final(done: (error?: Error | null) => void): void {
    super._final(this.#keepOpen(done));
  }

  /** Reports an error and lets the stream believe in success: an error would make it destroy itself. */
  #keepOpen(done: (error?: Error | null) => void): (error?: Error | null) => void {
    return (error) => {
      if (error && !this.destroyed) this.#events.error(error);
      done();
      this.#events.taken();
    };
  }
}
