/**
 * The receiving half of a socket: who may read, what is handed out, and which end comes after it.
 *
 * Owns `recv`, `recvInto`, `recvExactly` and `peek`. It works beside the sending half without knowing it.
 */
import type { Link } from './link.ts';
import type { FailureDetails } from './socket-error.ts';
import { checkBounds, type Bounds } from './wait.ts';

const EMPTY = new Uint8Array(0);

export class Receiving {
  readonly #link: Link;
  #busy = false;
  /** This side will receive no more: `shutdown('read')`. */
  ended = false;

  constructor(link: Link) {
    this.#link = link;
  }

  async recv(maxBytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(maxBytes);
    return (await this.#alone(() => this.#readable(bounds, 0))) ? this.#take(maxBytes) : EMPTY;
  }

  async peek(maxBytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(maxBytes);
    return (await this.#alone(() => this.#readable(bounds, 0))) ? this.#link.aside.slice(0, maxBytes) : EMPTY;
  }

  async recvInto(target: Uint8Array, bounds: Bounds): Promise<number> {
    const bytes = await this.recv(target.length, bounds);
    target.set(bytes);
    return bytes.length;
  }

  async recvExactly(bytes: number, bounds: Bounds): Promise<Uint8Array> {
    this.#checkSize(bytes);
    return await this.#alone(async () => {
      const whole = new Uint8Array(bytes);
      let received = 0;
      try {
        while (received < bytes) {
          if (!(await this.#readable(bounds, received))) throw this.#endedAfter(received, bytes);
          const part = this.#take(bytes - received);
          whole.set(part, received);
          received += part.length;
        }
      } catch (error) {
        this.#putBack(whole.subarray(0, received));
        throw error;
      }
      return whole;
    });
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

  /** Waits until there are bytes (`true`) or no more will come (`false`). */
  async #readable(bounds: Bounds, received: number): Promise<boolean> {
    const link = this.#link;
    const details = (): FailureDetails => ({ peer: link.peer, bytesReceived: received });
    for (;;) {
      if (link.closedHere) throw link.error('recv', 'not-open', 'this side has closed the socket', details());
      checkBounds('recv', bounds, details());
      if (this.ended) return false;
      if (link.aside.length > 0) return true;
      if (link.peerEnded || link.gone) {
        if (link.broken !== undefined) throw link.brokenError('recv', link.broken, details());
        return false;
      }
      link.stream.pull();
      await link.readers.next('recv', bounds, details);
    }
  }

  async #alone<T>(read: () => Promise<T>): Promise<T> {
    if (this.#busy) throw this.#link.error('recv', 'busy', 'another receive is still waiting on this socket');
    this.#busy = true;
    try {
      return await read();
    } finally {
      this.#busy = false;
    }
  }

  #take(maxBytes: number): Uint8Array {
    const { aside } = this.#link;
    this.#link.aside = aside.length <= maxBytes ? EMPTY : aside.subarray(maxBytes);
    return aside.length <= maxBytes ? aside : aside.subarray(0, maxBytes);
  }

  #putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#link.aside = Buffer.concat([bytes, this.#link.aside]);
  }

  #endedAfter(received: number, expected: number): Error {
    const link = this.#link;
    const code = received === 0 ? 'closed' : 'truncated';
    const what = `the stream ended after ${received} of ${expected} bytes`;
    return link.error('recv', code, what, { bytesReceived: received });
  }

  #checkSize(bytes: number): void {
    if (Number.isSafeInteger(bytes) && bytes >= 0) return;
    throw this.#link.error('recv', 'invalid', `the number of bytes must be an integer from 0, not ${bytes}`);
  }
}
