/**
 * How many bytes went through proxies, by name, address and upstream together: what `/metrics` counts.
 *
 * Owns that a count never falls: it outlives its proxy, and goes on when one has all three again.
 */
import type { Direction } from '../stream/item.ts';
import type { ProxySettings } from './wire-proxy.ts';

/** Bytes read from senders and handed to receivers. */
export type PassedBytes = Readonly<Record<Direction, { read: number; wrote: number }>>;

/** What is known of one place. */
export interface ByteCount extends ProxySettings {
  readonly bytes: PassedBytes;
}

export const noBytes = (): PassedBytes => ({ upstream: { read: 0, wrote: 0 }, downstream: { read: 0, wrote: 0 } });

/** Names come from requests: beyond this the count that nobody has begun with for longest is forgotten. */
const MOST_COUNTS = 10_000;

export class ByteCounts {
  /** The one that was begun with last comes last. */
  readonly #counts = new Map<string, ByteCount>();

  get all(): readonly ByteCount[] {
    return [...this.#counts.values()];
  }

  /** The bytes to count on for a proxy that begins there. */
  of({ name, listen, upstream }: ProxySettings): PassedBytes {
    const key = JSON.stringify([name, listen, upstream]);
    const count = this.#counts.get(key) ?? { name, listen, upstream, bytes: noBytes() };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST_COUNTS && oldest !== undefined) this.#counts.delete(oldest);
    return count.bytes;
  }
}
