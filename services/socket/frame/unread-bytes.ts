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

/** A chunk of this size is not copied behind a rest that is unread: of it only what belongs to that rest is. */
const LARGE_BYTES = LEAST_ROOM_BYTES;

/** The bytes that a decoder was given and has not given out. */
export class UnreadBytes {
  /** A chunk that was pushed, which has no room behind `#end`, or memory of our own, which may be written there once. */
  #memory: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  /** The rest of a large chunk, which follows those bytes. */
  #behind: Uint8Array = EMPTY;

  get length(): number {
    return this.#end - this.#start + this.#behind.length;
  }

  /** Adds a chunk: without a copy when nothing is unread or it is large, else behind what is. */
  push(chunk: Uint8Array): void {
    checkBytes(chunk);
    if (this.length === 0) this.#goOnIn(chunk);
    else if (this.#behind.length === 0 && chunk.length >= LARGE_BYTES) this.#behind = chunk;
    else {
      this.#join(this.#behind.length);
      this.#append(chunk);
    }
  }

  /** The bytes from `from` up to `to`, counted from the first unread one. They stay unread. */
  view(from: number, to: number): Uint8Array {
    this.#join(to - (this.#end - this.#start));
    return this.#memory.subarray(this.#start + from, this.#start + to);
  }

  /** Takes the first `bytes` bytes. */
  take(bytes: number): Uint8Array {
    const taken = this.view(0, bytes);
    this.skip(bytes);
    return taken;
  }

  /** Drops the first `bytes` bytes, which have been looked at. */
  skip(bytes: number): void {
    this.#start += bytes;
    if (this.#start < this.#end || this.#behind.length === 0) return;
    this.#goOnIn(this.#behind);
    this.#behind = EMPTY;
  }

  #goOnIn(chunk: Uint8Array): void {
    this.#memory = chunk;
    this.#start = 0;
    this.#end = chunk.length;
  }

  /** Moves the first `bytes` bytes of the chunk behind to those before it: what is to be seen in one piece lies in one. */
  #join(bytes: number): void {
    if (bytes <= 0) return;
    this.#append(this.#behind.subarray(0, bytes));
    this.#behind = this.#behind.subarray(bytes);
  }

  #append(chunk: Uint8Array): void {
    if (this.#memory.length - this.#end < chunk.length) this.#makeRoom(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Moves what is unread to memory of twice its size, so that each byte is moved a bounded number of times. */
  #makeRoom(bytes: number): void {
    const unread = this.#memory.subarray(this.#start, this.#end);
    const memory = new Uint8Array(Math.max(LEAST_ROOM_BYTES, 2 * (unread.length + bytes)));
    memory.set(unread);
    this.#memory = memory;
    this.#start = 0;
    this.#end = unread.length;
  }
}
