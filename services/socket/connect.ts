/**
 * Client sockets: from a host name and a port to a connection.
 *
 * Owns the order in which addresses are tried and that all of it counts against one deadline. The connection itself is
 * `socket.ts`.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkHost, checkPlace, checkPort, demand } from './arguments.ts';
import { Socket } from './socket.ts';
import { fromKernel, SocketError } from './socket-error.ts';
import { checkBounds, Wait, type Bounds } from './wait.ts';

/** Where to connect: a host and a port, or the path of a Unix socket. */
export type Destination = { readonly host: string; readonly port: number } | { readonly path: string };

/** An address that has not answered after this is kept waiting while the next is tried: RFC 8305, section 5. */
const NEXT_ADDRESS_AFTER_MS = 250;

/**
 * Connects to `to` and returns a connected socket, Nagle's algorithm off.
 *
 * A name with several addresses is tried in the resolver's order, each address that is slow in parallel with the next;
 * the first connection that stands is taken and the others are abandoned for good. The bounds cover resolving and all
 * addresses. (HOWTO, "Creating a Socket".)
 *
 * @throws SocketError `refused`, `unreachable`, `unresolved`, `timeout`, `aborted`, `permission`, `reset`, `invalid`
 */
export async function connect(to: Destination, bounds: Bounds = {}): Promise<Socket> {
  checkPlace('connect', to, 1);
  if ('path' in to) return await openAddress(to, bounds);
  const { host, port } = to;
  demand(host !== '', 'connect', 'the host is missing');
  const addresses = isIP(host) === 0 ? await resolve(host, bounds) : [host];
  const [only] = addresses;
  if (addresses.length === 1 && only !== undefined) return await openAddress({ host: only, port }, bounds);
  return await connectToFirst(addresses, port, bounds);
}

/**
 * Begins to connect to a numeric address or a path and returns at once: the socket is writable for `select` when the
 * connection stands or has failed, and `socket.connected()` says which. Until then its calls fail with `would-block`.
 * (HOWTO, "Non-blocking Sockets".)
 *
 * @throws SocketError `invalid`
 */
export function startConnect(to: Destination): Socket {
  checkPlace('connect', to, 1);
  if ('path' in to) return Socket.begin({ path: to.path });
  demand(isIP(to.host) !== 0, 'connect', `${to.host} is a name: resolving it would wait`);
  return Socket.begin({ host: to.host, port: to.port, autoSelectFamily: false });
}

async function openAddress(to: Destination, bounds: Bounds): Promise<Socket> {
  checkBounds('connect', bounds);
  const socket = startConnect(to);
  await socket.connected(bounds);
  return socket;
}

async function resolve(host: string, bounds: Bounds): Promise<string[]> {
  const peer = host;
  checkBounds('connect', bounds, { peer });
  const answer = new Wait<string[]>('connect', bounds, () => ({ peer }));
  lookup(host, { all: true, order: 'verbatim' }).then(
    (found) => answer.resolve(found.map(({ address }) => address)),
    (error: unknown) => answer.reject(fromKernel('connect', error, { peer })),
  );
  return await answer.promise;
}

/**
 * Connects to the first of several numeric addresses that answers: each is tried when the one before it has failed or
 * been slow for 250 ms, and all that come second are abandoned.
 *
 * @throws SocketError as `connect`; the last address's error where none answers
 */
export async function connectToFirst(addresses: readonly string[], port: number, bounds: Bounds = {}): Promise<Socket> {
  checkBounds('connect', bounds);
  demand(Array.isArray(addresses), 'connect', 'the addresses must be a list');
  for (const host of addresses) checkHost('connect', host);
  checkPort('connect', port, 1);
  if (addresses.length === 0) throw new SocketError('connect', 'unresolved', 'there is no address to connect to');
  const decided = new AbortController();
  const signal = bounds.signal === undefined ? decided.signal : AbortSignal.any([decided.signal, bounds.signal]);
  const attempts: Promise<Socket>[] = [];
  for (const [nth, host] of addresses.entries()) {
    const before = attempts.at(-1)?.catch(() => {});
    const attempt = async (): Promise<Socket> => {
      // Whoever stops the wait is asked again by the attempt itself.
      const patience =
        nth === 0 ? undefined : sleep(nth * NEXT_ADDRESS_AFTER_MS, undefined, { signal }).catch(() => {});
      await Promise.race([before, patience]);
      return await openAddress({ host, port }, { ...bounds, signal });
    };
    attempts.push(attempt());
  }
  let winner: Socket | undefined;
  try {
    winner = await Promise.any(attempts);
    return winner;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors.at(-1) : error;
  } finally {
    decided.abort();
    for (const attempt of attempts) void dropUnless(winner, attempt);
  }
}

/** Closes the connection of an attempt that came second. */
async function dropUnless(winner: Socket | undefined, attempt: Promise<Socket>): Promise<void> {
  const socket = await attempt.catch(() => undefined);
  if (socket !== winner) await socket?.reset();
}
