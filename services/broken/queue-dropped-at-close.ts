/**
 * Bug: what the kernel has no room for yet is queued and counted as sent, and a close drops the queue.
 * Violates: HOWTO, Disconnecting: strictly speaking, you are supposed to shut down a socket before you close it.
 * Public case: moby/spdystream#111, a side closed with its send buffer full, and the other never got the rest.
 *
 * Everything else is the correct subject.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { CORRECT } from '../node/pieces.ts';
import { runSubject } from '../node/subject.ts';
import type { Socket } from '../socket/socket.ts';

class Queue {
  readonly #socket: Socket;
  readonly #dropped = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Adds a message; it is waited for no longer than for what the kernel takes at once. */
  async add(wire: Uint8Array): Promise<void> {
    const { signal } = this.#dropped;
    this.#last = this.#last
      .then(async () => await CORRECT.handOver(this.#socket, wire, { signal }))
      .catch(() => {
        // Nobody asks any more.
      });
    await Promise.race([this.#last, turn()]);
  }

  drop(): void {
    this.#dropped.abort();
  }
}

const queues = new WeakMap<Socket, Queue>();

function queueOf(socket: Socket): Queue {
  const queue = queues.get(socket) ?? new Queue(socket);
  queues.set(socket, queue);
  return queue;
}

await runSubject({
  ...CORRECT,
  handOver: async (socket, wire) => await queueOf(socket).add(wire),
  letGo: async (socket, outcome) => {
    queueOf(socket).drop();
    await CORRECT.letGo(socket, outcome);
  },
});
