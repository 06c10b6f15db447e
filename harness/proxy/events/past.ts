/**
 * The latest events, in columns.
 *
 * Owns the bounded memory of the past. Under traffic there are tens of thousands of events a second, and an object for
 * each, kept for a second or two, is moved by every collection of young objects: that was the longest pause of the
 * proxy. So of bytes that passed only numbers are kept; the rare other events keep their facts as they are.
 */
import type { Direction } from '../stream/item.ts';
import type { EventFacts, EventKind, Passage, Source, WireEvent } from './journal.ts';

/** Past events kept so that a listener can resume. */
export const KEPT_EVENTS = 16_384;

const isPassage = (kind: EventKind): kind is 'read' | 'wrote' => kind === 'read' || kind === 'wrote';

export class PastEvents {
  readonly #nth = new Float64Array(KEPT_EVENTS);
  readonly #at = new Float64Array(KEPT_EVENTS);
  readonly #offset = new Float64Array(KEPT_EVENTS);
  readonly #bytes = new Float64Array(KEPT_EVENTS);
  readonly #sources: Source[] = [];
  readonly #kinds: EventKind[] = [];
  /** Of bytes that passed, only the direction. */
  readonly #facts: (EventFacts[EventKind] | Direction)[] = [];

  keep({ seq, nth, at, source, kind, facts }: WireEvent): void {
    const place = seq % KEPT_EVENTS;
    this.#nth[place] = nth;
    this.#at[place] = at;
    this.#sources[place] = source;
    this.#kinds[place] = kind;
    if (isPassage(kind)) {
      const { direction, offset, bytes } = facts as Passage;
      this.#offset[place] = offset;
      this.#bytes[place] = bytes;
      this.#facts[place] = direction;
    } else this.#facts[place] = facts;
  }

  /** The event of that number, which must be one of the latest `KEPT_EVENTS`. */
  get(seq: number): WireEvent {
    const place = seq % KEPT_EVENTS;
    const kept = this.#facts[place];
    const facts = typeof kept === 'string' ? this.#passage(kept, place) : kept;
    const [nth, at, source, kind] = [this.#nth[place], this.#at[place], this.#sources[place], this.#kinds[place]];
    // The types cannot follow that `facts` are those of `kind`.
    return { seq, nth, at, source, kind, facts } as unknown as WireEvent;
  }

  #passage(direction: Direction, place: number): Passage {
    return { direction, offset: this.#offset[place] ?? 0, bytes: this.#bytes[place] ?? 0 };
  }
}
