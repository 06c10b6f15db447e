/**
 * A listener in the harness's hands, on a free port of the loopback address, and the outgoing connections.
 *
 * Owns accepting and dialling; what is said on a connection is `peer-socket.ts` and above.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';

import { messageOf } from '../../run/run-error.ts';
import { Changes } from '../changes.ts';
import { Missed } from '../clause.ts';
import { PeerSocket } from './peer-socket.ts';

/** Where every exercise takes place. */
export const LOOPBACK = '127.0.0.1';

export class PeerListener implements AsyncDisposable {
  readonly port: number;
  /** Every connection that came, in order. */
  readonly accepted: PeerSocket[] = [];
  readonly #server: Server;
  readonly #limitMs: number;
  readonly #signal: AbortSignal;
  readonly #changes = new Changes();
  #taken = 0;

  private constructor(server: Server, limitMs: number, signal: AbortSignal) {
    this.#server = server;
    this.#limitMs = limitMs;
    this.#signal = signal;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    server.on('connection', (socket) => {
      this.accepted.push(new PeerSocket(socket, limitMs, signal));
      this.#changes.announce();
    });
  }

  static async open(limitMs: number, signal: AbortSignal): Promise<PeerListener> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, LOOPBACK);
    await once(server, 'listening', { signal });
    return new PeerListener(server, limitMs, signal);
  }

  /**
   * The next connection.
   *
   * @throws {Missed} when none comes in time
   */
  async next(limitMs = this.#limitMs): Promise<PeerSocket> {
    const index = this.#taken;
    this.#taken += 1;
    await this.#changes.until(() => this.accepted.length > index, limitMs, this.#signal);
    const peer = this.accepted[index];
    if (peer === undefined) {
      const which = index === 0 ? 'a connection' : `connection ${index + 1}`;
      throw new Missed(`${which} to the port in HALFOPEN_PORT`, `none came within ${Math.round(limitMs)} ms`);
    }
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.accepted) peer[Symbol.dispose]();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/**
 * Connects to a subject.
 *
 * @throws {Missed} when the connection is refused, or takes too long
 */
export async function dial(port: number, limitMs: number, signal: AbortSignal): Promise<PeerSocket> {
  const socket = connect({ host: LOOPBACK, port, allowHalfOpen: true });
  const limit = AbortSignal.timeout(limitMs);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, limit]) });
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    // The system's own word for what went wrong; anything else is the harness's fault.
    const isRefusal = error instanceof Error && 'syscall' in error;
    if (!isRefusal && !limit.aborted) throw error;
    const why = limit.aborted ? `took more than ${limitMs} ms` : `failed: ${messageOf(error)}`;
    throw new Missed(`a server that accepts connections on port ${port}`, `connecting to it ${why}`);
  }
  return new PeerSocket(socket, limitMs, signal);
}
