/**
 * A listener on which a connect never ends: its queue is full and nobody accepts, so the kernel drops each SYN.
 *
 * No root needed. libuv accepts whatever it can, so the listener lives in a thread that blocks; two connections of our own
 * fill its queue (a backlog of 1 holds two, as Linux compares with "greater than": `sk_acceptq_is_full`).
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

import type { Address } from './address.ts';

const FILLERS = 2;

/** A filler that does not connect at once found the queue full: a client was quicker. */
const FILL_MS = 200;

const fill = async (target: { readonly host: string; readonly port: number }): Promise<Socket> => {
  const socket = connect(target);
  socket.on('error', () => undefined);
  socket.unref();
  const timeout = AbortSignal.timeout(FILL_MS);
  await once(socket, 'connect', { signal: timeout }).catch(() => undefined);
  return socket;
};

export class FullBacklog {
  readonly #worker: Worker;
  readonly #gate: Int32Array;
  readonly #fillers: readonly Socket[];

  private constructor(worker: Worker, gate: Int32Array, fillers: readonly Socket[]) {
    this.#worker = worker;
    this.#gate = gate;
    this.#fillers = fillers;
  }

  /**
   * Listens on that address and fills the queue. From then on connects hang.
   *
   * @throws NodeJS.ErrnoException when it cannot listen there
   */
  static async open({ host, port }: Extract<Address, { kind: 'tcp' }>): Promise<FullBacklog> {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const listen = { port, ...(host !== '' && { host }) };
    const worker = new Worker(new URL('hang-worker.ts', import.meta.url), { workerData: { listen, gate } });
    const [said] = (await once(worker, 'message')) as [
      'listening' | { readonly code: string; readonly message: string },
    ];
    if (said !== 'listening') throw Object.assign(new Error(said.message), { code: said.code });
    const target = { host: host === '' || host === '::' || host === '0.0.0.0' ? 'localhost' : host, port };
    const fillers: Socket[] = [];
    while (fillers.length < FILLERS) fillers.push(await fill(target));
    worker.unref();
    return new FullBacklog(worker, gate, fillers);
  }

  /** Stops listening. A client that waits gets through at its next SYN, if something listens there then. */
  async close(): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    const ended = once(this.#worker, 'exit');
    // Whoever waits for this must not find the process ended.
    this.#worker.ref();
    Atomics.store(this.#gate, 0, 1);
    Atomics.notify(this.#gate, 0);
    await ended;
  }
}
