/**
 * What the proxy did, as it happens: every event numbered and stamped once, the latest kept, listeners told.
 *
 * Owns numbering and stamps. The memory of past events is `past.ts`, how events reach a client `api/events.ts`.
 */
import { nowUs } from '../clock.ts';
import type { Direction } from '../stream/item.ts';
import { KEPT_EVENTS, PastEvents } from './past.ts';

export type DialFailure = 'refused' | 'timeout' | 'unreachable' | 'other';

/** What a toxic did to a stream. `offset` is where it bit, counted at the toxic from the start of the connection. */
export interface Effect {
  readonly toxic: string;
  readonly type: string;
  readonly direction: Direction;
  /** One word: delayed, cut, joined, held, released, swallowed, reset, ended, stalled, corrupted, throttled. */
  readonly effect: string;
  readonly offset: number;
  readonly bytes?: number;
  readonly delayMs?: number;
  readonly detail?: string;
}

interface Placed {
  readonly direction: Direction;
  readonly offset: number;
}

/** Bytes on their way in one direction. */
export interface Passage extends Placed {
  readonly bytes: number;
}

/** What is known of each kind of event, beside what all have. */
export interface EventFacts {
  readonly listening: { readonly address: string };
  readonly stopped: object;
  readonly accepted: { readonly clientPort: number };
  readonly dialed: { readonly localPort: number };
  readonly 'dial-failed': { readonly code: DialFailure; readonly message: string };
  /** Arrived from the sender of that direction. */
  readonly read: Passage;
  /** Handed to the receiver of that direction; `offset` is the position in what the receiver gets. */
  readonly wrote: Passage;
  readonly 'fin-read': Placed;
  readonly 'fin-wrote': Placed;
  readonly 'rst-read': Placed;
  readonly 'rst-wrote': Placed;
  readonly effect: Effect;
  readonly closed: object;
}
export type EventKind = keyof EventFacts;

/** Whose event it is. */
export interface Source {
  readonly proxy: string;
  /** Numbered per proxy from 1; undefined when the event is about the proxy itself. */
  readonly conn: number | undefined;
}

/** An event as listeners are given it. The facts are not copied out of it until somebody wants to read it. */
export type WireEvent = {
  readonly [Kind in EventKind]: {
    /** Rising by one over all proxies of the process, from 1. */
    readonly seq: number;
    /** Microseconds of CLOCK_MONOTONIC. */
    readonly at: number;
    readonly source: Source;
    readonly kind: Kind;
    readonly facts: EventFacts[Kind];
  };
}[EventKind];

export type Listener = (event: WireEvent) => void;

export class Journal {
  readonly #past = new PastEvents();
  readonly #listeners = new Set<Listener>();
  #seq = 0;

  /** The number of the latest event. */
  get seq(): number {
    return this.#seq;
  }

  /** Records an event, at `at` if it was before now. `source` and `facts` must not be changed afterwards. */
  record<Kind extends EventKind>(source: Source, kind: Kind, facts: EventFacts[Kind], at: number = nowUs()): void {
    this.#seq += 1;
    // The types cannot follow that `facts` are those of `kind`.
    const event = { seq: this.#seq, at, source, kind, facts } as unknown as WireEvent;
    this.#past.keep(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** The events after number `seq` that are still kept, and how many were forgotten in between. */
  since(seq: number): { readonly events: readonly WireEvent[]; readonly forgotten: number } {
    const first = Math.max(0, seq, this.#seq - KEPT_EVENTS);
    const events: WireEvent[] = [];
    for (let next = first + 1; next <= this.#seq; next += 1) events.push(this.#past.get(next));
    return { events, forgotten: first - Math.max(0, seq) };
  }

  /** Calls `listener` with each event from now on, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
