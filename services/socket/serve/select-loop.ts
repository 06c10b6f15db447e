/**
 * The third architecture: one loop over non-blocking sockets, the app "almost inside-out".
 *
 * Owns the state of every connection between two turns of `select`. (HOWTO, "Non-blocking Sockets".)
 */
import type { Listener } from '../listen.ts';
import { select } from '../select.ts';
import type { Socket } from '../socket.ts';
import { SocketError } from '../socket-error.ts';
import type { Handler, Session } from './session.ts';

const RECV_BYTES = 65_536;

interface Client {
  readonly session: Session;
  /** Bytes that the kernel has not taken. While there are any, nothing more is received: the peer must read first. */
  unsent: Uint8Array;
  ended: boolean;
}

/** Serves until `signal` fires; then resets what is open and closes the listener. */
export async function serveWithSelect(listener: Listener, handler: Handler, signal: AbortSignal): Promise<void> {
  const clients = new Map<Socket, Client>();
  listener.setBlocking(false);
  try {
    for (;;) {
      const readers = [...clients]
        .filter(([, { unsent, ended }]) => unsent.length === 0 && !ended)
        .map(([socket]) => socket);
      const writers = [...clients].filter(([, { unsent }]) => unsent.length > 0).map(([socket]) => socket);
      const [readable, writable] = await select([listener, ...readers], writers, [], { signal });
      for (const ready of readable) {
        if (ready === listener) await acceptOne(listener, clients, handler);
        else await step(ready as Socket, clients, receiveSome);
      }
      for (const socket of writable) await step(socket, clients, sendSome);
    }
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'aborted')) throw error;
  } finally {
    await listener.close();
    await Promise.all([...clients.keys()].map(async (socket) => await socket.reset()));
  }
}

async function acceptOne(listener: Listener, clients: Map<Socket, Client>, handler: Handler): Promise<void> {
  const socket = await listener.accept();
  socket.setBlocking(false);
  try {
    clients.set(socket, { session: handler(), unsent: new Uint8Array(0), ended: false });
  } catch {
    await socket.reset();
  }
}

/** Does one thing for one connection. One that fails, or whose handler throws, is dropped; one that is through is closed. */
async function step(
  socket: Socket,
  clients: Map<Socket, Client>,
  act: (socket: Socket, client: Client) => Promise<void>,
): Promise<void> {
  const client = clients.get(socket);
  if (client === undefined) return;
  try {
    await act(socket, client);
    if (!client.ended || client.unsent.length > 0) return;
    // Not waited for: the peer may take its time. It is in neither list meanwhile.
    void leave(socket, clients);
  } catch (error) {
    if (error instanceof SocketError && error.code === 'would-block') return;
    clients.delete(socket);
    await socket.reset();
  }
}

/** Until it is closed it is one of those that the end of serving resets. */
async function leave(socket: Socket, clients: Map<Socket, Client>): Promise<void> {
  await socket.close().catch(() => {});
  clients.delete(socket);
}

async function receiveSome(socket: Socket, client: Client): Promise<void> {
  const bytes = await socket.recv(RECV_BYTES);
  client.ended = bytes.length === 0;
  client.unsent = client.ended ? client.session.end() : client.session.receive(bytes);
  if (client.unsent.length > 0) await sendSome(socket, client);
}

async function sendSome(socket: Socket, client: Client): Promise<void> {
  client.unsent = client.unsent.subarray(await socket.send(client.unsent));
}
