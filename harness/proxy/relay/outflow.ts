/**
 * The end of one direction: hands bytes to the receiver's socket, one write at a time, and then the end.
 *
 * Owns the offset in what the receiver gets, and that nothing follows an end. A write that the kernel does not take at once is waited for, so what is
 * not yet written stays here, where it counts for back-pressure.
 */
import { nowUs } from '../clock.ts';
import type { Bytes, End, Item } from '../stream/item.ts';
import { ItemQueue } from '../stream/item-queue.ts';
import type { Leg } from './leg.ts';

/** So many writes within so long, then others have their turn: small pieces are a system call each. */
const WRITES_AT_ONCE = 100;
const AT_ONCE_US = 2000;

export interface OutflowEvents {
  /** The kernel took these bytes, at that moment. */
  wrote(offset: number, bytes: number, atUs: number): void;
  /** An end has come: when all bytes before it were handed to the kernel, but for a reset, which may overtake them. */
  ended(end: End): void;
  /** There is less here than before. */
  drained(): void;
}

export class Outflow {
  readonly #leg: Leg;
  readonly #events: OutflowEvents;
  readonly #queue = new ItemQueue();
  #writing: Bytes | undefined;
  /** Set while the rest of the queue waits for the next turn of the event loop. */
  #turn: NodeJS.Immediate | undefined;
  /** Writes since that moment. */
  #writes = 0;
  #sinceUs = 0;
  /** The latest end that was put in. */
  #end: End | undefined;
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

  /** Takes what comes next. Of what comes after an end only another one that does more can still be told. */
  put(item: Item): void {
    if (this.#end !== undefined && !follows(this.#end, item)) {
      if (item.kind === 'bytes') this.#lose(item, this.#end);
      return;
    }
    if (item.kind !== 'bytes') this.#end = item;
    if (item.kind === 'rst') {
      this.#events.ended(item);
      return;
    }
    this.#queue.push(item);
    this.#pump();
  }

  discard(): void {
    clearImmediate(this.#turn);
    this.#queue.clear();
  }

  #lose({ bytes, slab }: Bytes, end: End): void {
    slab?.release();
    end.lost?.(bytes.byteLength);
  }

  #pump(): void {
    while (this.#writing === undefined && this.#turn === undefined) {
      const item = this.#queue.shift();
      if (item === undefined) return;
      if (item.kind === 'bytes') this.#write(item);
      else this.#events.ended(item);
    }
  }

  #goOn(): void {
    this.#pump();
    this.#events.drained();
  }

  #count(atUs: number): void {
    if (atUs - this.#sinceUs > AT_ONCE_US) {
      this.#sinceUs = atUs;
      this.#writes = 0;
    }
    this.#writes += 1;
    if (this.#writes < WRITES_AT_ONCE) return;
    this.#writes = 0;
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#goOn();
    });
  }

  #write(item: Bytes): void {
    // The receiver is gone: what still comes has nowhere to go.
    if (this.#leg.dead) {
      item.slab?.release();
      return;
    }
    const atUs = nowUs();
    this.#writing = item;
    this.#count(atUs);
    if (this.#leg.write(item.bytes, () => this.#later())) this.#taken(atUs);
  }

  #later(): void {
    if (!this.#leg.dead) this.#taken(nowUs());
    this.#writing?.slab?.release();
    this.#writing = undefined;
    this.#goOn();
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

/** Each kind of end does more than the one before. A toxic's reset may also hurry one that waits for its receiver. */
const follows = (end: End, item: Item): boolean => {
  if (item.kind === 'rst') return end.kind !== 'rst' || item.delivered !== undefined;
  return item.kind === 'close' && end.kind === 'fin';
};
