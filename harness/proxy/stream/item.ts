/**
 * What flows in one direction of a connection: bytes, then perhaps an end.
 *
 * Owns the words only; queues are in `item-queue.ts`, sockets in `relay/`.
 */
import type { Slab } from './slab.ts';

/** `upstream` is client to server, `downstream` the reverse. */
export type Direction = 'upstream' | 'downstream';
export const DIRECTIONS: readonly Direction[] = ['upstream', 'downstream'];

/** The other direction. */
export const reverse = (direction: Direction): Direction => (direction === 'upstream' ? 'downstream' : 'upstream');

export interface Bytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
  /** When these bytes are due at this place, on the clock of `nowMs`. Delays add to it, lateness does not. */
  readonly atMs: number;
  /** The slab that `bytes` lies in, to be released when they were written or lost; undefined: they lie by themselves. */
  readonly slab: Slab | undefined;
}

/**
 * `fin` ends this direction; `rst` ends the connection abruptly; `close` ends both directions after what is queued in
 * this one, which is what Toxiproxy's closing toxics do.
 */
export type EndKind = 'fin' | 'rst' | 'close';

export interface End {
  readonly kind: EndKind;
  readonly atMs: number;
  /** Set when a toxic made this end: called when the receiver's kernel was told, with what is known of the delivery. */
  readonly delivered: ((detail: string | undefined) => void) | undefined;
  /** Called with each piece that comes after it and is lost, where a toxic made this end. */
  readonly lost?: (bytes: number) => void;
  /** How long a reset waits, in ms, for a receiver that takes none of the bytes before it; undefined: a moment. */
  readonly patienceMs?: number | undefined;
}

export type Item = Bytes | End;
