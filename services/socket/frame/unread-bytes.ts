/**
 * Bytes that arrived and belong to no finished message, in one piece.
 *
 * Owns the memory of every decoder and its two bounds: the cost of a byte does not depend on how many pieces it came
 * in, and what was given out is never written to again.
 */
import { checkBytes } from './decoder.ts';

const EMPTY = new Uint8Array(0);

/** The least room made at a time: small pieces then cost one copy each and few allocations. */
const LEAST_ROOM_BYTES = 4096;

/** The bytes that a decoder was given and has not given out. */
export class UnreadBytes {
  /** Memory of a chunk that was pushed, or our own: then what lies behind `#end` is free to be written once. */
  #memory: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  #own = false;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds a chunk: without a copy when nothing is unread, else behind what is. */
  push(chunk: Uint8Array): void {
    checkBytes(chunk);
    if (this.length === 0) {
      this.#memory = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#own = false;
      return;
    }
    if (!this.#own || this.#memory.length - this.#end < chunk.length) this.#makeRoom(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The bytes from `from` up to `to`, counted from the first unread one, without a copy. They stay unread. */
  view(from: number, to: number): Uint8Array {
    return this.#memory.subarray(this.#start + from, this.#start + to);
  }

  /** Takes the first `bytes` bytes. */
  take(bytes: number): Uint8Array {
    const taken = this.view(0, bytes);
    this.skip(bytes);
    return taken;
  }

  skip(bytes: number): void {
    this.#start += bytes;
  }

  /** Moves what is unread to memory of twice its size, so that each byte is moved a bounded number of times. */
  #makeRoom(bytes: number): void {
    const unread = this.view(0, this.length);
    const memory = new Uint8Array(Math.max(LEAST_ROOM_BYTES, 2 * (unread.length + bytes)));
    memory.set(unread);
    this.#memory = memory;
    this.#start = 0;
    this.#end = unread.length;
    this.#own = true;
  }
}
