/**
 * The end of one direction: hands bytes to the receiver's socket, one write at a time, and then the end.
 *
 * Owns the offset in what the receiver gets. A write that the kernel does not take at once is waited for, so what is
 * not yet written stays here, where it counts for back-pressure.
 */
import { nowUs } from '../clock.ts';
import type { Bytes, End, Item } from '../stream/item.ts';
import { ItemQueue } from '../stream/item-queue.ts';
import { giveSlab } from '../stream/slab.ts';
import type { Leg } from './leg.ts';

export interface OutflowEvents {
  /** The kernel took these bytes, at that moment. */
  wrote(offset: number, bytes: number, atUs: number): void;
  /** All bytes before this end were handed to the kernel. */
  ended(end: End): void;
  /** There is less here than before. */
  drained(): void;
}

export class Outflow {
  readonly #leg: Leg;
  readonly #events: OutflowEvents;
  readonly #queue = new ItemQueue();
  #writing: Bytes | undefined;
  #ended = false;
  /** Bytes handed to the receiver's kernel. */
  offset = 0;

  constructor(leg: Leg, events: OutflowEvents) {
    this.#leg = leg;
    this.#events = events;
  }

  /** Bytes given to this outflow, written or not. */
  get taken(): number {
    return this.offset + this.#queue.bytes + (this.#writing?.bytes.byteLength ?? 0);
  }

  get cost(): number {
    return this.#queue.cost + (this.#writing?.bytes.byteLength ?? 0);
  }

  put(item: Item): void {
    this.#queue.push(item);
    if (this.#writing === undefined) this.#pump();
  }

  discard(): void {
    this.#queue.clear();
  }

  #pump(): void {
    while (this.#writing === undefined) {
      const item = this.#queue.shift();
      if (item === undefined) return;
      if (item.kind === 'bytes') this.#write(item);
      else this.#end(item);
    }
  }

  /** After a FIN only a reset can still be told; after a reset, nothing. */
  #end(end: End): void {
    if (this.#ended && end.kind === 'fin') return;
    this.#ended = true;
    this.#events.ended(end);
  }

  #write(item: Bytes): void {
    // The receiver is gone, or was told that the stream ended: what still comes has nowhere to go.
    if (this.#ended || this.#leg.dead) return giveSlab(item.slab);
    const atUs = nowUs();
    this.#writing = item;
    if (this.#leg.write(item.bytes, () => this.#later())) this.#taken(atUs);
    return undefined;
  }

  #later(): void {
    if (!this.#leg.dead) this.#taken(nowUs());
    else this.#writing = undefined;
    this.#pump();
    this.#events.drained();
  }

  #taken(atUs: number): void {
    const item = this.#writing;
    if (item === undefined) return;
    this.#writing = undefined;
    const { offset } = this;
    this.offset += item.bytes.byteLength;
    giveSlab(item.slab);
    this.#events.wrote(offset, item.bytes.byteLength, atUs);
  }
}
