/**
 * A socket as a buffered file: many small writes, few sends.
 *
 * Owns the buffer. What was written is on its way only after `flush`: "a common mistake is to write something, and then
 * read for a reply. Without a flush in there, you may wait forever". (HOWTO, "Using a Socket".)
 */
import { checkCount, demand } from './arguments.ts';
import type { Socket } from './socket.ts';
import type { Bounds } from './wait.ts';

/** As much as Python's socket files hold: io.DEFAULT_BUFFER_SIZE. */
const BUFFER_BYTES = 8192;

/** Gathers what is written to a socket; `flush` sends it. */
export class BufferedWriter {
  readonly #socket: Socket;
  readonly #buffer: Uint8Array;
  #filled = 0;

  /** `bufferBytes` is how much may be written before some of it is sent without being asked. */
  constructor(socket: Socket, bufferBytes: number = BUFFER_BYTES) {
    checkCount('send', 'the size of the buffer', bufferBytes, 1);
    this.#socket = socket;
    this.#buffer = new Uint8Array(bufferBytes);
  }

  /** Bytes written that are not sent. */
  get pendingBytes(): number {
    return this.#filled;
  }

  /**
   * Adds `data` to the buffer; sends whenever it is full.
   *
   * @throws SocketError as `sendAll`
   */
  async write(data: Uint8Array, bounds: Bounds = {}): Promise<void> {
    demand(data instanceof Uint8Array, 'send', 'only a Uint8Array can be sent');
    for (let taken = 0; taken < data.length;) {
      const part = data.subarray(taken, taken + this.#buffer.length - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === this.#buffer.length) await this.flush(bounds);
    }
  }

  /**
   * Sends what was written.
   *
   * @throws SocketError as `sendAll`
   */
  async flush(bounds: Bounds = {}): Promise<void> {
    const filled = this.#buffer.subarray(0, this.#filled);
    this.#filled = 0;
    await this.#socket.sendAll(filled, bounds);
  }
}
