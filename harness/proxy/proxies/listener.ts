/**
 * Where a proxy is reached: listens, or lets connects hang on the same address.
 *
 * Owns the listening socket and the errors of opening it. What becomes of an accepted socket is the proxy's affair.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

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

const openServer = async (address: Address, { accepted, failed }: ListenerEvents): Promise<Server> => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, accepted);
  // Without a host Node listens on all addresses, IPv6 included where there is any.
  if (address.kind === 'unix') server.listen({ path: address.path });
  else server.listen({ port: address.port, ...(address.host !== '' && { host: address.host }) });
  await once(server, 'listening');
  server.on('error', failed);
  return server;
};

export class Listener {
  /** The address as it is: the port resolved. */
  readonly address: string;
  readonly #events: ListenerEvents;
  #server: Server;
  #backlog: FullBacklog | undefined;

  private constructor(address: string, server: Server, events: ListenerEvents) {
    this.address = address;
    this.#server = server;
    this.#events = events;
  }

  /** @throws ListenError */
  static async open(listen: string, events: ListenerEvents): Promise<Listener> {
    try {
      const address = await resolveAddress(parseAddress(listen));
      const server = await openServer(address, events);
      return new Listener(boundAddress(server, address), server, events);
    } catch (cause) {
      throw listenError(cause, listen);
    }
  }

  get hanging(): boolean {
    return this.#backlog !== undefined;
  }

  /**
   * Lets new connects hang, or accepts again. Connections that are open stay.
   *
   * @throws ListenError; on a Unix socket a connect cannot hang
   */
  async hang(wanted: boolean): Promise<void> {
    if (wanted === this.hanging) return;
    const address = parseAddress(this.address);
    if (address.kind === 'unix')
      throw new ListenError(`listen ${this.address}: a Unix socket cannot let connects hang`);
    try {
      if (wanted) {
        this.#server.close();
        this.#backlog = await FullBacklog.open(address);
      } else {
        await this.#backlog?.close();
        this.#backlog = undefined;
        this.#server = await openServer(address, this.#events);
      }
    } catch (cause) {
      throw listenError(cause, this.address);
    }
  }

  /** Stops listening, at once. */
  close(): void {
    this.#server.close();
    void this.#backlog?.close();
    this.#backlog = undefined;
  }
}
