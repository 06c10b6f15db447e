/**
 * A listener on which a connect never ends: its queue is full and nobody accepts, so the kernel drops each SYN.
 *
 * No root needed. libuv accepts whatever it can, so the listener lives in a thread that blocks; two connections of its own
 * fill its queue (a backlog of 1 holds two, as Linux compares with "greater than": `sk_acceptq_is_full`). They are made as
 * soon as it listens. A client whose SYN comes before, within about a millisecond, takes the place of one of them: its
 * kernel says that it is connected, and nobody ever accepts or answers it.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { type Address, formatAddress } from './address.ts';

/** What the thread says first. */
type Said = { readonly host: string; readonly port: number } | { readonly code: string; readonly message: string };

export class FullBacklog {
  /** Where it listens: the port resolved. */
  readonly address: string;
  readonly #worker: Worker;
  readonly #gate: Int32Array;

  private constructor(address: string, worker: Worker, gate: Int32Array) {
    this.address = address;
    this.#worker = worker;
    this.#gate = gate;
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
    const [said] = (await once(worker, 'message')) as [Said];
    if ('code' in said) throw Object.assign(new Error(said.message), { code: said.code });
    worker.unref();
    return new FullBacklog(formatAddress({ kind: 'tcp', ...said }), worker, gate);
  }

  /** Stops listening. A client that waits gets through at its next SYN, if something listens there then. */
  async close(): Promise<void> {
    const ended = once(this.#worker, 'exit');
    // Whoever waits for this must not find the process ended.
    this.#worker.ref();
    Atomics.store(this.#gate, 0, 1);
    Atomics.notify(this.#gate, 0);
    await ended;
  }
}
