/**
 * The sending half of a socket: how much is taken, when the kernel has it, and the end of writing.
 *
 * Owns `send`, `sendAll` and `shutdown('write')`, and the bound on what waits in user space: one chunk. It works
 * beside the receiving half without knowing it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CHUNK_BYTES } from './kernel-stream.ts';
import type { Link } from './link.ts';
import type { FailureDetails } from './socket-error.ts';
import { checkBounds, type Bounds } from './wait.ts';

/** `sendAll` lets other connections run after this much was taken without waiting. */
const BYTES_PER_TURN = 16 * CHUNK_BYTES;

export class Sending {
  readonly #link: Link;
  #busy = false;
  #ended: Promise<void> | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** This side has ended its writing, or begun to. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Settles when an end of writing that has begun is through: the kernel cannot reset a connection meanwhile. */
  get ending(): Promise<void> {
    return this.#ended ?? Promise.resolve();
  }

  async send(data: Uint8Array, bounds: Bounds): Promise<number> {
    return await this.#alone(data, async () => {
      await this.flushed(bounds, 0);
      // A copy: what the kernel does not take now leaves later, when the caller's memory may hold something else.
      const chunk = data.slice(0, CHUNK_BYTES);
      if (chunk.length > 0) this.#write(chunk, 0);
      return chunk.length;
    });
  }

  async sendAll(data: Uint8Array, bounds: Bounds): Promise<void> {
    await this.#alone(data, async () => {
      for (let taken = 0; taken < data.length;) {
        await this.flushed(bounds, taken);
        const chunk = data.subarray(taken, taken + CHUNK_BYTES);
        this.#write(chunk, taken);
        taken += chunk.length;
        if (taken % BYTES_PER_TURN === 0) await nextTurn();
      }
      await this.flushed(bounds, data.length);
    });
  }

  async shutdown(bounds: Bounds): Promise<void> {
    if (this.#busy) throw this.#link.error('shutdown', 'busy', 'a send is still waiting on this socket');
    await this.flushed(bounds, 0);
    await (this.#ended ??= this.#end());
    const { broken } = this.#link;
    if (broken !== undefined) throw this.#link.brokenError('shutdown', broken);
  }

  /** Lets the kernel take what was written and ends the writing, on a socket that is being closed. */
  async finish(bounds: Bounds): Promise<void> {
    const link = this.#link;
    const details = (): FailureDetails => ({ peer: link.peer });
    while (link.stream.writableLength > 0 && link.broken === undefined && !link.gone) {
      await link.writers.next('close', bounds, details);
    }
    if (link.broken === undefined && !link.gone) await (this.#ended ??= this.#end());
  }

  /** Waits until the kernel has taken everything that was written. `taken` counts what the call wrote before. */
  async flushed(bounds: Bounds, taken: number): Promise<void> {
    const link = this.#link;
    const details = (): FailureDetails => ({
      peer: link.peer,
      bytesTaken: Math.max(0, taken - link.stream.queuedBytes),
    });
    for (;;) {
      this.#checkOpen(taken);
      checkBounds('send', bounds, details());
      if (link.stream.writableLength === 0) return;
      await link.writers.next('send', bounds, details);
    }
  }

  #write(chunk: Uint8Array, taken: number): void {
    this.#link.stream.write(chunk);
    // The kernel answers at once when it has room, and when the connection is broken.
    this.#checkOpen(taken);
  }

  #checkOpen(taken: number): void {
    const link = this.#link;
    // A chunk that failed half-way counts as not taken: what became of it is not known.
    const details = { bytesTaken: Math.max(0, taken - (taken % CHUNK_BYTES || CHUNK_BYTES)) };
    if (link.closedHere) throw link.error('send', 'not-open', 'this side has closed the socket', details);
    if (link.broken !== undefined) throw link.brokenError('send', link.broken, details);
    if (link.gone) throw link.error('send', 'broken-pipe', 'the connection has ended both ways', details);
  }

  async #alone<T>(data: Uint8Array, write: () => Promise<T>): Promise<T> {
    const link = this.#link;
    if (!(data instanceof Uint8Array)) throw link.error('send', 'invalid', 'only a Uint8Array can be sent');
    if (this.#busy) throw link.error('send', 'busy', 'another send is still waiting on this socket');
    if (this.ended && !link.closedHere) throw link.error('send', 'broken-pipe', 'this side has shut down its writing');
    this.#busy = true;
    try {
      return await write();
    } finally {
      this.#busy = false;
    }
  }

  async #end(): Promise<void> {
    const ended = Promise.withResolvers<void>();
    // Called with an error as well: that one is told by the link.
    this.#link.stream.end(() => ended.resolve());
    await ended.promise;
  }
}
