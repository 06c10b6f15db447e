/**
 * A port on which connecting hangs: a listener whose queue is full and which accepts nothing.
 *
 * Owns the blocked thread and what fills its queue. Linux drops the first packet of a connection that the queue has no
 * room for (man 2 listen), so that the other side waits; systems that refuse instead cannot show this.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Missed } from '../clause.ts';
import { dial, LOOPBACK } from './peer-listener.ts';
import type { PeerSocket } from './peer-socket.ts';

/** A connection that is not there after this long on loopback will not come. */
const HANGS_AFTER_MS = 250;
/** Once could be a harness that was itself woken up late. */
const SURE_AFTER = 2;
/** The queue takes one more than its length, and the kernel may round it up. */
const MOST_WAITING = 16;

/** Listens, says where, and never runs again: nothing is ever accepted. */
const BLOCKED = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: workerData, port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

export class HangingListener implements AsyncDisposable {
  readonly port: number;
  readonly #worker: Worker;
  readonly #waiting: readonly PeerSocket[];

  private constructor(port: number, worker: Worker, waiting: readonly PeerSocket[]) {
    this.port = port;
    this.#worker = worker;
    this.#waiting = waiting;
  }

  /** Opens one; `null` where connecting does not hang. */
  static async open(signal: AbortSignal): Promise<HangingListener | null> {
    const worker = new Worker(BLOCKED, { eval: true, workerData: LOOPBACK });
    const [port] = (await once(worker, 'message', { signal })) as [number];
    const waiting: PeerSocket[] = [];
    let hung = 0;
    while (waiting.length < MOST_WAITING && hung < SURE_AFTER) {
      const peer = await dialed(port, signal);
      hung = peer === null ? hung + 1 : 0;
      if (peer !== null) waiting.push(peer);
    }
    if (hung === SURE_AFTER) return new HangingListener(port, worker, waiting);
    await new HangingListener(port, worker, waiting)[Symbol.asyncDispose]();
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#waiting) peer[Symbol.dispose]();
    await this.#worker.terminate();
  }
}

async function dialed(port: number, signal: AbortSignal): Promise<PeerSocket | null> {
  try {
    return await dial(port, HANGS_AFTER_MS, signal);
  } catch (error) {
    if (error instanceof Missed) return null;
    throw error;
  }
}
