/**
 * Server sockets: a queue of connections to accept.
 *
 * Owns binding, the queue between the kernel's and the program, and the end of listening. What is accepted is a
 * `socket.ts`.
 */
import * as net from 'node:net';
import { checkCount, checkOptions, checkPlace } from './arguments.ts';
import { Mode } from './mode.ts';
import { SELECTABLE, type Selectable } from './selectable.ts';
import { Socket } from './socket.ts';
import { fromKernel, SocketError } from './socket-error.ts';
import { nextTurns } from './turns.ts';
import { checkBounds, Wait, type Bounds } from './wait.ts';

/** Where to listen: a host (empty: every interface) and a port (0: any free one), or the path of a Unix socket. */
export type ListenPlace = { readonly host: string; readonly port: number } | { readonly path: string };

/** How to listen. */
export interface ListenOptions {
  /**
   * How many connections wait to be accepted: listen(2). The kernel cuts its own part to `net.core.somaxconn`, and lets one more
   * wait; 0 counts as 1. What comes beyond waits outside while the event loop stands still, and is reset while it runs.
   */
  readonly backlog?: number;
}

/** What Node takes when nothing is said. */
const BACKLOG = 511;

/**
 * What a server tells of, and what becomes of it. It never refers to the `Listener` in the user's hands, so that one that is
 * dropped without a close can be noticed.
 */
class Queue {
  readonly #server: net.Server;
  readonly #backlog: number;
  /** Connections that Node has taken from the kernel and nobody has accepted; nothing of them has been read. */
  readonly waiting: Socket[] = [];
  readonly #watchers = new Set<() => void>();
  #closed: Promise<void> | undefined;

  constructor(server: net.Server, backlog: number) {
    this.#server = server;
    this.#backlog = backlog;
    server.on('connection', (stream) => this.#onConnection(stream));
    // Of an accept that failed nothing is told: libuv ends what waits, or tries again. Unheard, an error would end the process.
    server.on('error', () => {});
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  async close(): Promise<void> {
    await (this.#closed ??= this.#close());
  }

  /** Has `wake` called at every change until the returned function is called. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const unaccepted = this.waiting.splice(0).map(async (socket) => await socket.reset());
    // The state is read again once `#closed` is set.
    queueMicrotask(() => this.#wake());
    await Promise.all([closed, ...unaccepted]);
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
  }

  #onConnection(stream: net.Socket): void {
    // At once: a reset while it waits would leave no addresses to ask for.
    const socket = Socket.adopt(stream);
    // The kernel as well lets one more wait than the backlog says.
    if (this.closed || this.waiting.length > this.#backlog) void socket.reset();
    else {
      this.waiting.push(socket);
      this.#wake();
    }
  }
}

/** Closes what was dropped without a close, as for a socket. */
const dropped = new FinalizationRegistry<Queue>((queue) => void queue.close());

/** A server socket: it sends nothing and receives nothing, it gives out connections. `listen()` makes one. */
export class Listener {
  readonly #queue: Queue;
  #accepting = false;
  readonly #mode = new Mode();
  /** The port that is listened on; 0 for a Unix socket. */
  readonly port: number;
  readonly host: string;

  private constructor(server: net.Server, backlog: number) {
    this.#queue = new Queue(server, backlog);
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.host = typeof address === 'object' && address !== null ? address.address : (address ?? '');
    dropped.register(this, this.#queue, this);
  }

  /** For `listen()`. */
  static async open(place: ListenPlace, backlog: number, bounds: Bounds): Promise<Listener> {
    checkBounds('listen', bounds);
    // Node takes a backlog of 0 for none given.
    const least = Math.max(1, backlog);
    const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
    const listening = new Wait<void>('listen', bounds);
    server.once('error', (error) => listening.reject(fromKernel('listen', error)));
    const where = 'path' in place ? { path: place.path } : { host: place.host || '0.0.0.0', port: place.port };
    try {
      server.listen({ ...where, backlog: least }, () => listening.resolve());
      await listening.promise;
    } catch (error) {
      server.close();
      throw fromKernel('listen', error);
    }
    return new Listener(server, least);
  }

  /**
   * The next connection, as a new socket that is no relation of the listener's. Waits until there is one. One that was
   * reset meanwhile is given as well, as accept(2) does: what it sent can be received, then the reset.
   * (HOWTO, "Creating a Socket".)
   *
   * @throws SocketError `timeout`, `aborted`; `busy` while another accept waits; `not-open`
   */
  async accept(bounds: Bounds = {}): Promise<Socket> {
    const all = this.#mode.bound('accept', bounds);
    if (this.#accepting) throw new SocketError('accept', 'busy', 'another accept is still waiting');
    for (;;) {
      if (this.#queue.closed) throw new SocketError('accept', 'not-open', 'this side has closed the listener');
      checkBounds('accept', all);
      const socket = this.#queue.waiting.shift();
      if (socket !== undefined) return socket;
      if (this.#mode.nonBlocking) await this.#glance();
      else await this.#nextChange(all);
    }
  }

  /** As on a socket. */
  setBlocking(blocking: boolean): void {
    this.#mode.setBlocking(blocking);
  }

  /** As on a socket. */
  setTimeout(ms: number | undefined): void {
    this.#mode.set(ms);
  }

  /** For `select`: readable when an accept would not wait. */
  get [SELECTABLE](): Selectable {
    const queue = this.#queue;
    return {
      closed: queue.closed,
      ready: (direction) => direction === 'read' && queue.waiting.length > 0,
      watch: (_direction, wake) => queue.watch(wake),
    };
  }

  /** Stops listening. Connections that nobody accepted are reset; accepted ones go on. A waiting accept fails. */
  async close(): Promise<void> {
    dropped.unregister(this);
    await this.#queue.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What an accept in non-blocking mode does first: lets the kernel say what it has. */
  async #glance(): Promise<void> {
    await nextTurns();
    if (this.#queue.waiting.length > 0 || this.#queue.closed) return;
    throw new SocketError('accept', 'would-block', 'no connection waits');
  }

  async #nextChange(bounds: Bounds): Promise<void> {
    const wait = new Wait<void>('accept', bounds);
    wait.finally(this.#queue.watch(() => wait.resolve()));
    this.#accepting = true;
    try {
      await wait.promise;
    } finally {
      this.#accepting = false;
    }
  }
}

/**
 * Binds, listens and returns the listener. SO_REUSEADDR is set, so that a server can be started again at once.
 * A host that is empty means every interface. (HOWTO, "Creating a Socket".)
 *
 * @throws SocketError `address-in-use`, `permission`, `unresolved`, `invalid`, `other`
 */
export async function listen(place: ListenPlace, options: ListenOptions = {}, bounds: Bounds = {}): Promise<Listener> {
  checkOptions('listen', options);
  const { backlog = BACKLOG } = options;
  checkCount('listen', 'the backlog', backlog, 0);
  checkPlace('listen', place, 0);
  return await Listener.open(place, backlog, bounds);
}
