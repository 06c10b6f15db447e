/**
 * The receiving half of a socket: who may read, what is handed out, and which end comes after it.
 *
 * Owns `recv`, `recvInto`, `recvExactly` and `peek`. It works beside the sending half without knowing it.
 */
import { markAsUntransferable } from 'node:worker_threads';
import { shown } from './arguments.ts';
import { joined, type Link, type Wanted } from './link.ts';
import type { FailureDetails, SocketError } from './socket-error.ts';
import { nextTurns } from './turns.ts';
import { checkBounds, type Bounds } from './wait.ts';

const EMPTY = new Uint8Array(0);

/** The receiving half of one connection. */
export class Receiving {
  readonly #link: Link;
  #busy = false;
  /** The memory of bytes set aside of which a part was handed out. */
  #kept: ArrayBufferLike | undefined;
  /** This side will receive no more: `shutdown('read')`. */
  ended = false;

  constructor(link: Link) {
    this.#link = link;
  }

  /** A receive would not wait: there are bytes, or an end, or an error. */
  get ready(): boolean {
    const link = this.#link;
    return !link.connecting && (this.ended || link.aside.length > 0 || link.peerEnded || link.gone);
  }

  async recv(maxBytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(maxBytes);
    if (maxBytes === 0) return EMPTY;
    if (this.ended) await this.#lookOnce();
    if (!this.#known(bounds, 0)) await this.#becomesKnown(bounds, { bytes: maxBytes, filled: 0 });
    const bytes = this.#take(maxBytes);
    this.#keep(bytes);
    return bytes;
  }

  async recvInto(target: Uint8Array, bounds: Bounds): Promise<number> {
    if (!(target instanceof Uint8Array)) throw this.#link.error('recv', 'invalid', 'the target must be a Uint8Array');
    if (target.length === 0) return 0;
    if (this.ended) await this.#lookOnce();
    if (!this.#known(bounds, 0)) {
      const wanted = { bytes: target.length, memory: target, filled: 0 };
      await this.#becomesKnown(bounds, wanted);
      if (wanted.filled > 0) return wanted.filled;
      if (target.length === 0) throw this.#link.error('recv', 'invalid', 'the target was given away meanwhile');
    }
    const bytes = this.#take(target.length);
    target.set(bytes);
    return bytes.length;
  }

  async peek(maxBytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(maxBytes);
    if (maxBytes === 0) return EMPTY;
    if (this.ended) await this.#lookOnce();
    if (!this.#known(bounds, 0)) await this.#becomesKnown(bounds, { bytes: 0, filled: 0 });
    return this.#link.aside.slice(0, maxBytes);
  }

  async recvExactly(bytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(bytes);
    const whole = this.#room(bytes);
    let received = 0;
    try {
      while (received < bytes) {
        if (this.ended) await this.#lookOnce();
        if (!this.#known(bounds, received)) {
          await this.#becomesKnown(bounds, { bytes: bytes - received, filled: 0 }, received);
        }
        const part = this.#take(bytes - received);
        if (part.length === 0) throw this.#endedAfter(received, bytes);
        whole.set(part, received);
        received += part.length;
      }
    } catch (error) {
      this.#putBack(whole.subarray(0, received));
      throw error;
    }
    return whole;
  }

  /** What a receive in non-blocking mode does first: lets the kernel say what it has. */
  async glance(wanted: number | undefined): Promise<void> {
    if (wanted === 0 || this.#busy || this.#link.connecting || this.ready) return;
    await this.#lookOnce();
    if (!this.ready && !this.#link.closedHere) {
      throw this.#link.error('recv', 'would-block', 'nothing has arrived yet');
    }
  }

  /** Reads until the peer's end and throws the bytes away: what a close does to part in peace. */
  async drain(bounds: Bounds): Promise<void> {
    const link = this.#link;
    while (!link.peerEnded && !link.gone) {
      link.aside = EMPTY;
      checkBounds('close', bounds);
      link.stream.pull();
      await link.readers.next('close', bounds, () => ({ peer: link.peer }));
    }
  }

  /** Whether a receive can be answered now: with bytes, or, where there are none, with the end. */
  #known(bounds: Bounds, received: number): boolean {
    const link = this.#link;
    if (this.#busy) throw link.error('recv', 'busy', 'another receive is still waiting on this socket');
    const details = this.#details(received);
    link.checkOpen('recv', details);
    checkBounds('recv', bounds, details);
    if (link.aside.length > 0) return true;
    if (!link.peerEnded && !link.gone) return this.ended;
    if (link.broken !== undefined) throw link.brokenError('recv', link.broken, details);
    return true;
  }

  /** Waits until `#known` is true, or the next bytes have gone straight to where they are wanted. */
  async #becomesKnown(bounds: Bounds, wanted: Wanted, received = 0): Promise<void> {
    const link = this.#link;
    const details = (): FailureDetails => this.#details(received);
    this.#busy = true;
    link.wanted = wanted;
    try {
      link.stream.pull();
      await link.readers.next('recv', bounds, details);
    } finally {
      this.#busy = false;
      link.wanted = undefined;
    }
    if (wanted.filled === 0 && !this.#known(bounds, received)) await this.#becomesKnown(bounds, wanted, received);
  }

  /** Lets the kernel say what it has, where nothing is known. */
  async #lookOnce(): Promise<void> {
    const link = this.#link;
    if (this.#busy || link.closedHere || link.aside.length > 0 || link.peerEnded || link.gone) return;
    link.stream.pull();
    await nextTurns();
  }

  #details(received: number): FailureDetails {
    return { peer: this.#link.peer, bytesReceived: received };
  }

  /** What stays here lies in the memory of what the caller has from now on: given away with that it would be lost. */
  #keep(part: Uint8Array): void {
    if (this.#link.aside.length === 0) this.#kept = undefined;
    else if (this.#kept !== part.buffer) {
      this.#kept = part.buffer;
      markAsUntransferable(part.buffer);
    }
  }

  #take(maxBytes: number): Uint8Array {
    const { aside } = this.#link;
    this.#link.aside = aside.length <= maxBytes ? EMPTY : aside.subarray(maxBytes);
    return aside.length <= maxBytes ? aside : aside.subarray(0, maxBytes);
  }

  #putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#link.aside = joined(bytes, this.#link.aside);
  }

  #room(bytes: number): Uint8Array {
    try {
      return new Uint8Array(bytes);
    } catch (cause) {
      throw this.#link.error('recv', 'invalid', `there is no memory for ${bytes} bytes`, { cause });
    }
  }

  #endedAfter(received: number, expected: number): SocketError {
    const code = received === 0 ? 'closed' : 'truncated';
    const what = `the stream ended after ${received} of ${expected} bytes`;
    return this.#link.error('recv', code, what, { bytesReceived: received });
  }

  #checkSize(bytes: number): void {
    if (Number.isSafeInteger(bytes) && bytes >= 0) return;
    throw this.#link.error('recv', 'invalid', `the number of bytes must be an integer from 0, not ${shown(bytes)}`);
  }
}
