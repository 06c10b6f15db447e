/**
 * A socket as a buffered file: many small writes, few sends.
 *
 * Owns the buffer. What was written is on its way only after `flush`: "a common mistake is to write something, and then
 * read for a reply. Without a flush in there, you may wait forever". (HOWTO, "Using a Socket".)
 */
import { checkCount, demand } from './arguments.ts';
import { Socket } from './socket.ts';
import { SocketError } from './socket-error.ts';
import type { Bounds } from './wait.ts';

/** As much as Python's socket files hold: io.DEFAULT_BUFFER_SIZE. */
const BUFFER_BYTES = 8192;

/** Gathers what is written to a socket; `flush` sends it. */
export class BufferedWriter {
  readonly #socket: Socket;
  readonly #buffer: Uint8Array;
  /** Bytes at the buffer's beginning that the socket has not taken. While some are sent, others may join behind them. */
  #filled = 0;
  /** The call that waits for the socket. */
  #waits: 'write' | 'flush' | undefined;

  /** `bufferBytes` is how much may be written before some of it is sent without being asked. */
  constructor(socket: Socket, bufferBytes: number = BUFFER_BYTES) {
    demand(socket instanceof Socket, 'send', 'it writes to a Socket');
    checkCount('send', 'the size of the buffer', bufferBytes, 1);
    this.#socket = socket;
    try {
      this.#buffer = new Uint8Array(bufferBytes);
    } catch (cause) {
      throw new SocketError('send', 'invalid', `there is no memory for ${bufferBytes} bytes`, { cause });
    }
  }

  /** Bytes written that the socket has not taken. */
  get pendingBytes(): number {
    return this.#filled;
  }

  /**
   * Adds `data` to the buffer; sends whenever it is full. What fits can be written while a flush waits.
   *
   * @throws SocketError as `flush`; `bytesTaken` says how much of `data` was sent or is in the buffer
   */
  async write(data: Uint8Array, bounds: Bounds = {}): Promise<void> {
    demand(data instanceof Uint8Array, 'send', 'only a Uint8Array can be sent');
    const fits = data.length < this.#buffer.length - this.#filled;
    // Behind another write that waits it would come in the middle of that one.
    if (fits && this.#waits !== 'write') this.#add(data);
    else await this.#alone('write', async () => await this.#writeOut(data, bounds));
  }

  /**
   * Sends what was written. What the socket did not take stays for the next flush.
   *
   * @throws SocketError as `send`; `busy` while another flush or a write waits
   */
  async flush(bounds: Bounds = {}): Promise<void> {
    await this.#alone('flush', async () => await this.#sendOut(bounds));
  }

  async #alone(call: 'write' | 'flush', act: () => Promise<void>): Promise<void> {
    if (this.#waits !== undefined) {
      throw new SocketError('send', 'busy', 'another flush or write is still waiting on this writer', {
        bytesTaken: 0,
      });
    }
    this.#waits = call;
    try {
      await act();
    } finally {
      this.#waits = undefined;
    }
  }

  async #writeOut(data: Uint8Array, bounds: Bounds): Promise<void> {
    let taken = 0;
    try {
      while (taken < data.length) {
        const part = data.subarray(taken, taken + this.#buffer.length - this.#filled);
        this.#add(part);
        taken += part.length;
        if (this.#filled === this.#buffer.length) await this.#sendOut(bounds);
      }
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      throw new SocketError('send', error.code, error.reason, { peer: error.peer, bytesTaken: taken, cause: error });
    }
  }

  async #sendOut(bounds: Bounds): Promise<void> {
    while (this.#filled > 0) {
      const taken = await this.#socket.send(this.#buffer.subarray(0, this.#filled), bounds);
      this.#buffer.copyWithin(0, taken, this.#filled);
      this.#filled -= taken;
    }
  }

  #add(part: Uint8Array): void {
    this.#buffer.set(part, this.#filled);
    this.#filled += part.length;
  }
}
