/**
 * One connection of a server that may wait: receive, answer, until the peer's end.
 */
import type { Socket } from '../socket.ts';
import type { Handler } from './session.ts';

const RECV_BYTES = 65_536;

/**
 * Serves `socket` to its end and closes it. A connection that fails is dropped, and so is one on which the handler throws,
 * for a peer that breaks the protocol, say: it is nobody else's concern.
 */
export async function converse(socket: Socket, handler: Handler, signal?: AbortSignal): Promise<void> {
  try {
    const session = handler();
    for (;;) {
      const bytes = await socket.recv(RECV_BYTES, { signal });
      if (bytes.length === 0) break;
      await socket.sendAll(session.receive(bytes), { signal });
    }
    await socket.sendAll(session.end(), { signal });
    await socket.close();
  } catch {
    await socket.reset();
  }
}
