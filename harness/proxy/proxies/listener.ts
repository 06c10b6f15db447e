/**
 * Where a proxy is reached: listens, or lets connects hang on the same address.
 *
 * Owns the listening socket and the errors of opening it. What becomes of an accepted socket is the proxy's affair.
 */
import { once } from 'node:events';
import { lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { type Address, AddressError, boundAddress, parseAddress, resolveAddress } from './address.ts';
import { FullBacklog } from './full-backlog.ts';

/** A listener that could not be opened; the message is that of Go's net package, which clients know. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'bind: address already in use',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EACCES: 'bind: permission denied',
};

/** What went wrong with listening on `listen`, in the words that clients know. */
export const listenError = (cause: unknown, listen: string): ListenError => {
  if (cause instanceof ListenError) return cause;
  if (cause instanceof AddressError) return new ListenError(`listen tcp: ${cause.message}`, { cause });
  const { code = '', message = String(cause) } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const network = listen.startsWith('unix:') ? 'unix' : 'tcp';
  return new ListenError(`listen ${network} ${listen.replace(/^unix:/, '')}: ${WHY[code] ?? message}`, { cause });
};

export interface ListenerEvents {
  readonly accepted: (socket: Socket) => void;
  /** Accepting failed, as when there are no file descriptors left; the listener goes on. */
  readonly failed: (error: Error) => void;
}

/** A socket path that a program left when it was killed: nobody listens there, and nobody can. */
const isLeftBehind = async (path: string): Promise<boolean> => {
  if (!(await lstat(path)).isSocket()) return false;
  const probe = connect({ path });
  try {
    await once(probe, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    probe.destroy();
  }
};

/** Listens there. Without a host Node listens on all addresses, IPv6 included where there is any. */
export const openOn = async (server: Server, address: Address): Promise<void> => {
  if (address.kind === 'unix') server.listen({ path: address.path });
  else server.listen({ port: address.port, ...(address.host !== '' && { host: address.host }) });
  await once(server, 'listening');
};

const openServer = async (address: Address, { accepted, failed }: ListenerEvents): Promise<Server> => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, accepted);
  try {
    await openOn(server, address);
  } catch (error) {
    if (address.kind !== 'unix' || !isTaken(error) || !(await isLeftBehind(address.path))) throw error;
    await unlink(address.path);
    await openOn(server, address);
  }
  server.on('error', failed);
  return server;
};

const openBacklog = (address: Address): Promise<FullBacklog> => {
  if (address.kind === 'unix') throw new Error('a Unix socket cannot let connects hang');
  return FullBacklog.open(address);
};

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

export class Listener {
  /** The address as it is: the port resolved. */
  readonly address: string;
  readonly #events: ListenerEvents;
  /** While it accepts. */
  #server: Server | undefined;
  /** While connects hang. */
  #backlog: FullBacklog | undefined;
  /** The change between accepting and hanging that is under way. */
  #change: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(address: string, events: ListenerEvents, by: Server | FullBacklog) {
    this.address = address;
    this.#events = events;
    if (by instanceof FullBacklog) this.#backlog = by;
    else this.#server = by;
  }

  /**
   * Listens. With `hang` nothing is ever accepted, from the first connect on.
   *
   * @throws ListenError
   */
  static async open(listen: string, events: ListenerEvents, hang = false): Promise<Listener> {
    try {
      const address = await resolveAddress(parseAddress(listen));
      if (hang) {
        const backlog = await openBacklog(address);
        return new Listener(backlog.address, events, backlog);
      }
      const server = await openServer(address, events);
      return new Listener(boundAddress(server, address), events, server);
    } catch (cause) {
      throw listenError(cause, listen);
    }
  }

  /**
   * Lets new connects hang, or accepts again. Connections that are open stay. Does nothing once it is closed.
   *
   * @throws ListenError; it is closed then. On a Unix socket a connect cannot hang
   */
  async hang(wanted: boolean): Promise<void> {
    const change = this.#change.then(() => this.#hang(wanted));
    this.#change = change.catch(() => undefined);
    await change;
  }

  async #hang(wanted: boolean): Promise<void> {
    if (this.#closed || wanted === (this.#backlog !== undefined)) return;
    try {
      const address = parseAddress(this.address);
      if (wanted) {
        this.#server?.close();
        this.#server = undefined;
        this.#backlog = await openBacklog(address);
      } else {
        await this.#closeBacklog();
        const server = await openServer(address, this.#events);
        this.#server = server;
        // It may have been closed meanwhile.
        if (this.#closed) server.close();
      }
    } catch (cause) {
      this.#closeServer();
      throw listenError(cause, this.address);
    }
  }

  /** Stops listening: to accept, at once; the address is free when this returns, whatever change was under way. */
  async close(): Promise<void> {
    this.#closeServer();
    await this.#change;
    await this.#closeBacklog();
  }

  #closeServer(): void {
    this.#closed = true;
    this.#server?.close();
  }

  async #closeBacklog(): Promise<void> {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    await backlog?.close();
  }
}
