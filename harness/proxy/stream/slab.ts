/**
 * The buffers that sockets are read into.
 *
 * Owns their reuse: an idle connection holds none (all share one scratch buffer, which is free again when the read
 * callback returns), a busy one fills slabs of its own, one read after the other. What it read goes to the writer
 * uncopied, and a slab comes back when the last view of it was written.
 */

/** A slab, and what one read takes at most. Reads of 64 KiB, as libuv's own are, cost twice the processor time a byte. */
const SLAB_BYTES = 262_144;

/** A slab with less room than this takes no further read. */
const LEAST_ROOM_BYTES = 65_536;

/** Free slabs kept for later; the rest is left to the garbage collector. 128 × 256 KiB = 32 MiB, 30 ms at 1 GB/s. */
const MOST_FREE = 128;

/** Shared by all sockets that last read little. Never handed on: what lies in it is copied. */
export const SCRATCH = Buffer.allocUnsafeSlow(65_536);

const free: Buffer[] = [];

export class Slab {
  readonly #buffer = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  #filled = 0;
  /** The views that are not written yet, and the socket that reads into it. */
  #users = 1;

  /** Where the next read may go; undefined when too little is left. */
  get room(): Buffer | undefined {
    return this.#filled <= SLAB_BYTES - LEAST_ROOM_BYTES ? this.#buffer.subarray(this.#filled) : undefined;
  }

  /** The next `count` bytes, just read into the room, for one more user. */
  take(count: number): Uint8Array {
    const view = this.#buffer.subarray(this.#filled, this.#filled + count);
    this.#filled += count;
    this.#users += 1;
    return view;
  }

  /** A view was parted in two: each of them is given back by itself. */
  share(): void {
    this.#users += 1;
  }

  /** One user holds no view of it any more. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0 && free.length < MOST_FREE) free.push(this.#buffer);
  }
}
