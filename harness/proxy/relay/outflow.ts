/**
 * The end of one direction: hands bytes to the receiver's socket, one write at a time, and then the end.
 *
 * Owns the offset in what the receiver gets, and that nothing follows an end. A write that the kernel does not take at once is waited for, so what is
 * not yet written stays here, where it counts for back-pressure.
 */
import { nowUs } from '../clock.ts';
import type { Bytes, End, EndKind, Item } from '../stream/item.ts';
import { ItemQueue } from '../stream/item-queue.ts';
import type { Leg } from './leg.ts';

export interface OutflowEvents {
  /** The kernel took these bytes, at that moment. */
  wrote(offset: number, bytes: number, atUs: number): void;
  /** An end has come. A FIN comes when all bytes before it were handed to the kernel, other ends may overtake them. */
  ended(end: End): void;
  /** There is less here than before. */
  drained(): void;
}

export class Outflow {
  readonly #leg: Leg;
  readonly #events: OutflowEvents;
  readonly #queue = new ItemQueue();
  #writing: Bytes | undefined;
  /** The latest end that was put in. */
  #last: EndKind | undefined;
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

  /** Bytes given to this outflow that the kernel has not taken. */
  get pending(): number {
    return this.taken - this.offset;
  }

  /** Takes what comes next. After a FIN only a reset or a close can still be told, after those nothing. */
  put(item: Item): void {
    if (this.#last === 'rst' || this.#last === 'close' || (this.#last === 'fin' && item.kind === 'bytes')) {
      if (item.kind === 'bytes') item.slab?.release();
      return;
    }
    if (item.kind === 'rst' || item.kind === 'close') {
      this.#last = item.kind;
      this.#events.ended(item);
      return;
    }
    if (item.kind === 'fin') this.#last ??= 'fin';
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
      else this.#events.ended(item);
    }
  }

  #write(item: Bytes): void {
    // The receiver is gone: what still comes has nowhere to go.
    if (this.#leg.dead) {
      item.slab?.release();
      return;
    }
    const atUs = nowUs();
    this.#writing = item;
    if (this.#leg.write(item.bytes, () => this.#later())) this.#taken(atUs);
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
    item.slab?.release();
    this.#events.wrote(offset, item.bytes.byteLength, atUs);
  }
}
