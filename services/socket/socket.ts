/**
 * A connected stream socket: the verbs of the Socket Programming HOWTO, as promises.
 *
 * Owns opening and closing; the two directions are `receiving.ts` and `sending.ts`. Finding addresses belongs to
 * `connect.ts`, accepting to `listen.ts`, telling messages apart to `frame/`.
 *
 * The ends. The kernel tells of a reset once, to whichever call comes first, and the other direction then looks like a
 * clean end. Here a reset is a state of the whole connection: bytes that arrived before it are received first, then every
 * call fails with the same code.
 */
import { checkFlag, checkKeepAlive, checkMs, checkOptions, checkSignal, demand } from './arguments.ts';
import { Deadline } from './deadline.ts';
import { KernelStream, type KernelEvents } from './kernel-stream.ts';
import { Link, type Address } from './link.ts';
import { Receiving } from './receiving.ts';
import { Sending } from './sending.ts';
import { Mode } from './mode.ts';
import { SELECTABLE, type Selectable } from './selectable.ts';
import { SocketError, type FailureDetails } from './socket-error.ts';
import { checkBounds, checkBoundTypes, type Bounds } from './wait.ts';
import type * as net from 'node:net';

/** TCP keepalive, see tcp(7): times are rounded up to whole seconds, which is what the kernel keeps. */
export interface KeepAlive {
  readonly idleMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

/** How long a close may wait. */
export interface CloseOptions {
  /** How long to wait for the peer's end before the descriptor is given up; 0: not at all. */
  readonly lingerMs?: number;
  /** Ends that waiting: the descriptor is given up at once. */
  readonly signal?: AbortSignal | undefined;
}

/** How long a close waits for the peer's end unless told otherwise. */
const LINGER_MS = 1000;

const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000) * 1000;

/** Closes what was dropped without a close. Relying on it is a bad habit: nobody knows when. (HOWTO, "Disconnecting".) */
const dropped = new FinalizationRegistry<KernelStream>((stream) => stream.destroy());

/** One end of a connection. `connect()`, `startConnect()` and `accept()` make them; both ends are alike. */
export class Socket {
  readonly #link: Link;
  readonly #receiving: Receiving;
  readonly #sending: Sending;
  readonly #mode = new Mode();
  #closing: Promise<void> | undefined;
  /** Bytes that the kernel had not taken when the connection was reset from here. */
  #cutBytes = 0;

  private constructor(link: Link) {
    this.#link = link;
    this.#receiving = new Receiving(link);
    this.#sending = new Sending(link);
    dropped.register(this, link.stream, this);
  }

  /** Begins to connect to one address and returns at once; `connect()` and `startConnect()` are for programs. */
  static begin(to: net.SocketConnectOpts): Socket {
    const link = new Link((events) => new KernelStream(events));
    link.peer = 'path' in to ? to.path : `${to.host}:${to.port}`;
    link.stream.connect(to);
    return new Socket(link);
  }

  /** Continues a connection that a `net.Server` accepted with `pauseOnConnect`. */
  static adopt(accepted: net.Socket): Socket {
    return new Socket(new Link((events: KernelEvents) => KernelStream.adopt(accepted, events)));
  }

  /**
   * Gives a TCP connection of which nothing has been received up to another thread: what this returns can be posted there,
   * for `adopt`. Here the socket is closed.
   */
  release(): net.Socket {
    this.#link.checkOpen('accept', {});
    this.#link.closedHere = true;
    dropped.unregister(this);
    return this.#link.stream;
  }

  /**
   * Waits until the connection that `startConnect` began stands. An attempt that is given up is abandoned for good.
   *
   * @throws SocketError as `connect`
   */
  async connected(bounds: Bounds = {}): Promise<void> {
    const link = this.#link;
    const details = (): FailureDetails => ({ peer: link.peer });
    checkBoundTypes('connect', bounds);
    try {
      while (link.connecting) {
        checkBounds('connect', bounds, details());
        await link.writers.next('connect', bounds, details);
      }
      if (link.broken !== undefined) throw link.brokenError('connect', link.broken);
      if (link.closedHere) throw link.error('connect', 'not-open', 'this side has closed the socket');
    } catch (error) {
      await this.reset();
      throw error;
    }
  }

  /** This end; undefined for a Unix socket. */
  get localAddress(): Address | undefined {
    return this.#link.local;
  }

  /** The other end; undefined for a Unix socket, and for a connection that was reset before it was accepted. */
  get remoteAddress(): Address | undefined {
    return this.#link.remote;
  }

  /**
   * `false`: receives and sends return at once, with `would-block` where they would have waited. `true`: they wait.
   * `sendAll`, `recvExactly`, `shutdown` and `close` are for programs that may wait, and do so in either mode.
   */
  setBlocking(blocking: boolean): void {
    this.#mode.setBlocking(blocking);
  }

  /** How long a call may wait that brings no deadline of its own; 0: not at all, `undefined`: for ever. */
  setTimeout(ms: number | undefined): void {
    this.#mode.set(ms);
  }

  /** For `select`. */
  get [SELECTABLE](): Selectable {
    const link = this.#link;
    return {
      closed: link.closedHere,
      ready: (direction) => {
        if (direction === 'write') return this.#sending.ready;
        // A socket that nobody reads is deaf: the kernel is asked for one read, which is then set aside.
        if (!link.connecting && !this.#receiving.ready) link.stream.pull();
        return this.#receiving.ready;
      },
      watch: (direction, wake) => (direction === 'read' ? link.readers : link.writers).watch(wake),
    };
  }

  /** Turns Nagle's algorithm off (`true`) or on: tcp(7), TCP_NODELAY. Off when a socket is made. */
  setNoDelay(on: boolean): void {
    checkFlag('setNoDelay', 'it', on);
    this.#checkOpen('setNoDelay');
    this.#link.stream.setNoDelay(on);
  }

  /**
   * Turns TCP keepalive on: tcp(7), TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT.
   *
   * @throws SocketError `invalid`: more than the kernel keeps, 32,767 seconds and 127 probes; `not-open`
   */
  setKeepAlive(keepAlive: KeepAlive): void {
    checkKeepAlive(keepAlive);
    this.#checkOpen('setKeepAlive');
    const { idleMs, intervalMs, count } = keepAlive;
    this.#link.stream.keepAlive(wholeSeconds(idleMs), wholeSeconds(intervalMs), count);
  }

  /**
   * Receives at least one and at most `maxBytes` bytes. Empty means that the peer has ended its writing; it stays so.
   *
   * Waits until something arrives. When a bound ends the wait nothing is lost: what arrives later is received by the
   * next call. A socket on which nobody receives sees neither an end nor a reset. (HOWTO, "Using a Socket".)
   *
   * @throws SocketError `timeout`, `dead-peer`, `aborted`; `reset` or `broken-pipe` once the connection broke and all
   *   that arrived before was received; `busy` while another receive waits; `not-open`; `invalid`
   */
  async recv(maxBytes: number, bounds: Bounds = {}): Promise<Uint8Array> {
    const all = this.#mode.bound('recv', bounds);
    if (this.#mode.nonBlocking) await this.#receiving.glance(maxBytes);
    return await this.#receiving.recv(maxBytes, all);
  }

  /** As `recv`, into the caller's memory. Says how many bytes it wrote there; 0 means the peer's end. */
  async recvInto(target: Uint8Array, bounds: Bounds = {}): Promise<number> {
    const all = this.#mode.bound('recv', bounds);
    if (this.#mode.nonBlocking) await this.#receiving.glance(target?.length);
    return await this.#receiving.recvInto(target, all);
  }

  /** As `recv`, but the bytes stay: the next receive gives them again. */
  async peek(maxBytes: number, bounds: Bounds = {}): Promise<Uint8Array> {
    const all = this.#mode.bound('recv', bounds);
    if (this.#mode.nonBlocking) await this.#receiving.glance(maxBytes);
    return await this.#receiving.peek(maxBytes, all);
  }

  /**
   * Receives exactly `bytes` bytes, however they arrive.
   *
   * @throws SocketError as `recv`; `closed` if the stream ends before the first byte, `truncated` if after it.
   *   `bytesReceived` says how many had come; they stay for the next receive.
   */
  async recvExactly(bytes: number, bounds: Bounds = {}): Promise<Uint8Array> {
    return await this.#receiving.recvExactly(bytes, this.#mode.bound('recv', bounds));
  }

  /**
   * Hands over some of `data` and says how many bytes were taken; the rest must be sent again. Taken is not delivered:
   * the bytes are in the kernel, or among the 64 KiB that this library keeps behind it. Waits while both are full.
   *
   * @throws SocketError `timeout`, `aborted` with nothing taken; `reset`, `broken-pipe`; `busy`; `not-open`; `invalid`
   */
  async send(data: Uint8Array, bounds: Bounds = {}): Promise<number> {
    const all = this.#mode.bound('send', bounds);
    if (this.#mode.nonBlocking) this.#sending.glance(data);
    return await this.#sending.send(data, all);
  }

  /**
   * Hands over all of `data` and waits until the kernel has taken the last byte. `data` must not change meanwhile.
   *
   * @throws SocketError as `send`; `bytesTaken` says how many bytes the kernel is known to have taken: they may or may
   *   not arrive, and up to 64 KiB more may follow them. The connection is then good for nothing but closing.
   */
  async sendAll(data: Uint8Array, bounds: Bounds = {}): Promise<void> {
    await this.#sending.sendAll(data, this.#mode.bound('send', bounds));
  }

  /**
   * Ends one direction or both. `write`: the peer receives everything sent before, then the end; receiving goes on, and a
   * send after this call is refused with `broken-pipe`. `read`: this side waits for nothing more: a receive gives what has
   * come, and else the end; the peer is not told. (HOWTO, "Disconnecting".)
   *
   * @throws SocketError `reset`, `broken-pipe`; `timeout`, `aborted` while sent bytes wait for the kernel: the end of writing
   *   is then called off, and sends go on; `busy` while a send waits
   */
  async shutdown(how: 'write' | 'read' | 'both' = 'write', bounds: Bounds = {}): Promise<void> {
    demand(['write', 'read', 'both'].includes(how), 'shutdown', 'it ends "write", "read" or "both"');
    const all = this.#mode.bound('shutdown', bounds);
    this.#link.checkOpen('shutdown', {});
    if (how !== 'write') {
      this.#receiving.ended = true;
      this.#link.readers.wake();
    }
    if (how !== 'read') await this.#sending.shutdown(all);
  }

  /**
   * Closes in order: lets the kernel take what was sent, ends the writing, then reads and drops what the peer still says
   * until it ends too. Without that reading, unread bytes would turn the close into a reset and cost the peer what it
   * has not received. After `lingerMs` the descriptor is closed in any case. Calls that still wait fail with `not-open`.
   * A connection that is not made yet is given up at once, and so is one with a `sendAll` that failed half-way.
   *
   * @throws SocketError `timeout`, or `aborted` by the signal or a `reset()` meanwhile: bytes that were sent were not taken by
   *   the kernel, and were dropped; `reset`, `broken-pipe`: the connection broke, which no call has told of, and what was
   *   sent may be lost
   */
  async close(options: CloseOptions = {}): Promise<void> {
    checkOptions('close', options);
    const { lingerMs = LINGER_MS, signal } = options;
    checkMs('close', 'the time to linger', lingerMs);
    checkSignal('close', signal);
    await (this.#closing ??= this.#close(lingerMs, signal));
  }

  /** Closes at once with a reset: the peer's next call fails, and what is under way either way is dropped. */
  async reset(): Promise<void> {
    this.#closing ??= Promise.resolve();
    await this.#abandon();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #checkOpen(op: 'setNoDelay' | 'setKeepAlive'): void {
    if (this.#link.closedHere) throw this.#link.error(op, 'not-open', 'this side has closed the socket');
  }

  async #close(lingerMs: number, signal: AbortSignal | undefined): Promise<void> {
    const link = this.#link;
    link.closedHere = true;
    link.wakeAll();
    const parting = lingerMs > 0 && !link.connecting && !this.#sending.borrows;
    if (parting) await this.#part({ deadline: Deadline.after(lingerMs), signal });
    const wasReset = link.stream.destroyed;
    if (link.stream.queuedBytes > 0 && link.broken === undefined) await this.#abandon();
    dropped.unregister(this);
    link.stream.destroy();
    await link.closed;
    if (this.#cutBytes > 0) {
      const told = wasReset || signal?.aborted === true;
      const when = wasReset ? 'when it was reset' : told ? 'when it was told to stop' : `within ${lingerMs} ms`;
      const what = `${this.#cutBytes} bytes that were sent had not left ${parting ? when : 'by then'}`;
      throw link.error('close', told ? 'aborted' : 'timeout', what);
    }
    if (link.broken === undefined || link.told || link.stream.bytesWritten === 0) return;
    throw link.brokenError('close', link.broken);
  }

  /** Both ends by agreement, as far as the time allows. */
  async #part(bounds: Bounds): Promise<void> {
    try {
      await this.#sending.finish(bounds);
      await this.#receiving.drain(bounds);
    } catch (error) {
      if (!(error instanceof SocketError && (error.code === 'timeout' || error.code === 'aborted'))) throw error;
    }
  }

  async #abandon(): Promise<void> {
    const link = this.#link;
    link.closedHere = true;
    link.wakeAll();
    dropped.unregister(this);
    await this.#sending.ending;
    if (link.broken === undefined) this.#cutBytes += link.stream.queuedBytes;
    link.stream.abort();
    await link.closed;
  }
}
