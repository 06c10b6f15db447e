/**
 * What the other side sent and the peer has taken: nothing is read from the kernel unless a step waits for it.
 *
 * Owns reading. A peer that takes nothing leaves every byte in the kernel, as a program does that never reads.
 */
import type { Socket } from 'node:net';

export class Inbox {
  readonly #socket: Socket;
  #pending: Buffer = Buffer.alloc(0);
  #ended = false;
  #gone: Error | null = null;
  #wake: () => void = () => {};

  /** @param socket paused, and never read by anybody else */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      socket.pause();
      this.#pending = Buffer.concat([this.#pending, chunk]);
      this.#wake();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('close', () => {
      this.#gone ??= new Error('the connection is closed');
      this.#wake();
    });
  }

  /** Whether the other side has ended its writing, as far as the peer has read. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * The next `bytes` bytes.
   *
   * @throws {Error} where the stream or the connection ends before them
   */
  async take(bytes: number): Promise<Buffer> {
    while (this.#pending.length < bytes) {
      if (this.#ended) throw new Error(`the stream ended after ${this.#pending.length} of ${bytes} bytes`);
      await this.#more();
    }
    const taken = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(bytes);
    return taken;
  }

  /** Reads on, and forgets, to the end of the stream. */
  async takeEnd(): Promise<void> {
    while (!this.#ended) {
      this.#pending = Buffer.alloc(0);
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (this.#gone !== null) throw this.#gone;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#socket.resume();
    await woken;
  }
}
