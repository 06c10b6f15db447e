/**
 * One proxy: a listener, the toxics that were put on it, and the connections it relays.
 *
 * Owns starting and stopping. Names and the set of all proxies are `registry.ts`, JSON is `api/`.
 */
import { createServer, type Server, type Socket } from 'node:net';

import { Connection, type RelayContext } from '../relay/connection.ts';
import { acceptedLeg } from '../relay/leg.ts';
import type { Log } from '../log.ts';
import type { Direction } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { type Address, AddressError, boundAddress, parseAddress, resolveAddress, sameAddress } from './address.ts';

/** A listener that could not be opened; the message is that of Go's net package, which clients know. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'bind: address already in use',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EACCES: 'bind: permission denied',
};

export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export class WireProxy {
  readonly name: string;
  readonly #context: RelayContext;
  readonly #log: Log;
  readonly #connections = new Map<number, Connection>();
  readonly #toxics: Record<Direction, Toxic[]> = { upstream: [], downstream: [] };
  /** The latest change of listener: changes follow one another, and nothing else waits for them. */
  #change: Promise<unknown> = Promise.resolve();
  #server: Server | undefined;
  #accepted = 0;
  /** Bytes read from senders and handed to receivers, since the proxy was made. */
  readonly bytes = { upstream: { read: 0, wrote: 0 }, downstream: { read: 0, wrote: 0 } };
  listen: string;
  upstream: string;

  constructor({ name, listen, upstream }: ProxySettings, context: RelayContext, log: Log) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
    this.#context = context;
    this.#log = log;
  }

  get enabled(): boolean {
    return this.#server !== undefined;
  }

  get connections(): ReadonlyMap<number, Connection> {
    return this.#connections;
  }

  toxics(direction: Direction): readonly Toxic[] {
    return this.#toxics[direction];
  }

  /** Puts these toxics on the proxy and on all its open connections. */
  setToxics(direction: Direction, toxics: readonly Toxic[]): void {
    this.#toxics[direction] = [...toxics];
    for (const connection of this.#connections.values()) connection.applyToxics();
  }

  /**
   * Changes what is given, and leaves the rest. Another address or upstream ends all connections.
   *
   * @throws ListenError, AddressError; the proxy is then stopped, with the new address, unless it was not understood
   */
  async update(wanted: {
    readonly listen?: string;
    readonly upstream?: string;
    readonly enabled?: boolean;
  }): Promise<void> {
    await this.#next(async () => {
      const listen = wanted.listen ?? this.listen;
      const upstream = wanted.upstream ?? this.upstream;
      const enabled = wanted.enabled ?? this.enabled;
      if (upstream !== this.upstream || !(await this.#isAt(listen))) {
        this.#stop();
        this.listen = listen;
        this.upstream = upstream;
      }
      if (enabled) await this.#start();
      else this.#stop();
    });
  }

  /** Stops listening and closes all connections, at once. */
  stop(): void {
    this.#stop();
  }

  count(direction: Direction, which: 'read' | 'wrote', bytes: number): void {
    this.bytes[direction][which] += bytes;
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection.number);
  }

  /** The owner's name, as connections know it. */
  get proxy(): string {
    return this.name;
  }

  #next<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#change.then(change, change);
    this.#change = result.catch(() => undefined);
    return result;
  }

  async #isAt(listen: string): Promise<boolean> {
    if (listen === this.listen) return true;
    try {
      return sameAddress(await resolveAddress(parseAddress(listen)), parseAddress(this.listen));
    } catch (cause) {
      throw listenError(cause, listen);
    }
  }

  async #start(): Promise<void> {
    if (this.#server !== undefined) return;
    try {
      const address = await resolveAddress(parseAddress(this.listen));
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
        this.#accept(socket),
      );
      await opened(server, address);
      server.on('error', (error) => this.#log('error', 'Failed to accept', { proxy: this.name, error: error.message }));
      this.#server = server;
      this.listen = boundAddress(server, address);
    } catch (cause) {
      throw listenError(cause, this.listen);
    }
    this.#context.journal.record({ proxy: this.name, conn: undefined }, 'listening', { address: this.listen });
    this.#log('info', 'Started proxy', { name: this.name, proxy: this.listen, upstream: this.upstream });
  }

  #stop(): void {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    for (const connection of this.#connections.values()) connection.close();
    this.#context.journal.record({ proxy: this.name, conn: undefined }, 'stopped', {});
    this.#log('info', 'Terminated proxy', { name: this.name, proxy: this.listen, upstream: this.upstream });
  }

  #accept(socket: Socket): void {
    if (this.#server === undefined) {
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    const leg = acceptedLeg(socket);
    this.#connections.set(this.#accepted, new Connection(leg, this.#accepted, { context: this.#context, owner: this }));
  }
}

const listenError = (cause: unknown, listen: string): ListenError => {
  if (cause instanceof AddressError) return new ListenError(`listen tcp: ${cause.message}`, { cause });
  const { code = '', message = String(cause) } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const network = listen.startsWith('unix:') ? 'unix' : 'tcp';
  return new ListenError(`listen ${network} ${listen.replace(/^unix:/, '')}: ${WHY[code] ?? message}`, { cause });
};

const opened = (server: Server, address: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(error);
    server.once('error', failed);
    const ready = () => {
      server.off('error', failed);
      resolve();
    };
    if (address.kind === 'unix') server.listen({ path: address.path }, ready);
    // Without a host Node listens on all addresses, IPv6 included where there is any.
    else server.listen({ port: address.port, ...(address.host !== '' && { host: address.host }) }, ready);
  });
