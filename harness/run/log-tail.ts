/**
 * The last bytes of a stream without bound, in memory of a fixed size.
 *
 * Owns a ring: what comes is copied once, so that a flood costs its own bytes and never those that are kept already.
 */
export class LogTail {
  readonly #ring: Buffer;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#ring = Buffer.allocUnsafe(limitBytes);
  }

  push(chunk: Buffer): void {
    const kept = chunk.subarray(-this.#ring.length);
    this.#bytes += chunk.length;
    const start = (this.#bytes - kept.length) % this.#ring.length;
    const first = kept.copy(this.#ring, start);
    kept.copy(this.#ring, 0, first);
  }

  /** Bytes that came and are not kept. */
  get leftOutBytes(): number {
    return Math.max(0, this.#bytes - this.#ring.length);
  }

  /** What is kept, in order. */
  kept(): Buffer {
    if (this.leftOutBytes === 0) return this.#ring.subarray(0, this.#bytes);
    const oldest = this.#bytes % this.#ring.length;
    return Buffer.concat([this.#ring.subarray(oldest), this.#ring.subarray(0, oldest)]);
  }
}
