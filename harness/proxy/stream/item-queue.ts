/**
 * A first-in first-out queue of stream items that knows what it costs.
 *
 * Owns the count of bytes held in the whole process, so that many slow connections together stay bounded.
 */
import type { Bytes, Item } from './item.ts';

/** What an item costs beside its bytes: without it a million one-byte items would look free. */
const ITEM_COST_BYTES = 256;

/** Above this much held in the whole process each direction falls back to its least window. */
const PROCESS_LIMIT_BYTES = 512 * 1024 * 1024;

/** Emptied places at the front are given back once there are this many. */
const COMPACT_AT = 1024;

let heldInProcess = 0;

/** True when the proxy holds as much as it may, and every direction must stop reading soon. */
export const memoryIsShort = (): boolean => heldInProcess > PROCESS_LIMIT_BYTES;

/** Bytes held in queues, with their overhead, in the whole process. */
export const heldBytes = (): number => heldInProcess;

const costOf = (item: Item): number => ITEM_COST_BYTES + (item.kind === 'bytes' ? item.bytes.byteLength : 0);

export class ItemQueue {
  #items: (Item | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #cost = 0;

  /** Payload bytes in the queue. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the queue weighs in memory, in bytes. */
  get cost(): number {
    return this.#cost;
  }

  get head(): Item | undefined {
    return this.#items[this.#first];
  }

  get last(): Item | undefined {
    return this.#first < this.#items.length ? this.#items.at(-1) : undefined;
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#account(item, 1);
  }

  shift(): Item | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#items[this.#first] = undefined;
    this.#first += 1;
    this.#account(item, -1);
    if (this.#first === this.#items.length) {
      this.#items.length = 0;
      this.#first = 0;
    } else if (this.#first >= COMPACT_AT && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Takes exactly `count` bytes off the front of the first item, which must have more than that. */
  split(count: number): Bytes | undefined {
    const head = this.#items[this.#first];
    if (head?.kind !== 'bytes') return undefined;
    this.#account(head, -1);
    head.slab?.share();
    const rest: Bytes = { ...head, bytes: head.bytes.subarray(count) };
    this.#items[this.#first] = rest;
    this.#account(rest, 1);
    return { ...head, bytes: head.bytes.subarray(0, count) };
  }

  clear(): void {
    for (let item = this.shift(); item !== undefined; item = this.shift()) {
      if (item.kind === 'bytes') item.slab?.release();
    }
  }

  #account(item: Item, sign: 1 | -1): void {
    const cost = costOf(item) * sign;
    this.#cost += cost;
    heldInProcess += cost;
    if (item.kind === 'bytes') this.#bytes += item.bytes.byteLength * sign;
  }
}
