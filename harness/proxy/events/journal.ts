/**
 * What the proxy did, as it happens: every event numbered and stamped once, the latest kept, listeners told.
 *
 * Owns numbering and stamps. The memory of past events is `past.ts`, how events reach a client `api/events.ts`.
 */
import { randomBytes } from 'node:crypto';

import { nowUs } from '../clock.ts';
import type { Direction } from '../stream/item.ts';
import { KEPT_EVENTS, PastEvents } from './past.ts';

export type DialFailure = 'refused' | 'timeout' | 'unreachable' | 'other';

/** What a toxic did to a stream. `offset` is where it bit, counted at the toxic from the start of the connection. */
export interface Effect {
  readonly toxic: string;
  readonly type: string;
  readonly direction: Direction;
  /** One word: delayed, cut, joined, held, released, swallowed, reset, ended, stalled, corrupted, throttled; missed: it did nothing. */
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
  /** Numbered per process from 1: a proxy that is made anew has its name again, and connections numbered as before. */
  readonly proxyNumber: number;
  /** Numbered per proxy from 1; undefined when the event is about the proxy itself. */
  readonly conn: number | undefined;
}

/** An event as listeners are given it. The facts are not copied out of it until somebody wants to read it. */
export type WireEvent = {
  readonly [Kind in EventKind]: {
    /** Rising by one over all proxies of the process, from 1. */
    readonly seq: number;
    /** Rising by one over the events of one proxy's name, from 1. */
    readonly nth: number;
    /** Microseconds of CLOCK_MONOTONIC. */
    readonly at: number;
    readonly source: Source;
    readonly kind: Kind;
    readonly facts: EventFacts[Kind];
  };
}[EventKind];

export type Listener = (event: WireEvent) => void;

/** The last event that a listener has seen; `nth` is undefined when it may have been of another proxy. */
export interface Seen {
  readonly seq: number;
  readonly nth: number | undefined;
}

/** What a listener has missed. */
export interface Missed {
  /** Those that are still kept. */
  readonly events: readonly WireEvent[];
  /** How many were forgotten, … */
  readonly forgotten: number;
  /** … and the last of them. */
  readonly upTo: Seen;
  /** True when `forgotten` is a bound: nobody knows how many of the proxy's forgotten events were seen. */
  readonly atMost: boolean;
}

/**
 * How many events were forgotten since the last that was seen: `all` of any proxy; of the one that is asked for `ofProxy`
 * since the process began, of which the listener may know to have seen `nth`.
 */
const forgottenOf = ({
  all,
  ofProxy,
  nth,
}: {
  readonly all: number;
  readonly ofProxy: number | undefined;
  readonly nth: number | undefined;
}): Pick<Missed, 'forgotten' | 'atMost'> => {
  if (ofProxy === undefined) return { forgotten: all, atMost: false };
  if (nth !== undefined) return { forgotten: Math.max(0, ofProxy - nth), atMost: false };
  const forgotten = Math.min(all, ofProxy);
  return { forgotten, atMost: forgotten > 0 };
};

/** As many names at least as there can be in the events that are kept. */
const MOST_NAMES = 2 * KEPT_EVENTS;

export class Journal {
  /** Tells the events of this process from those of another, whose numbers are the same. */
  readonly process = randomBytes(6).toString('hex');
  readonly #past = new PastEvents();
  readonly #listeners = new Set<Listener>();
  /** Events of each proxy's name. */
  readonly #told = new Map<string, number>();
  #seq = 0;

  /** The number of the latest event. */
  get seq(): number {
    return this.#seq;
  }

  /** Records an event, at `at` if it was before now. `source` and `facts` must not be changed afterwards. */
  record<Kind extends EventKind>(source: Source, kind: Kind, facts: EventFacts[Kind], at: number = nowUs()): void {
    this.#seq += 1;
    const nth = (this.#told.get(source.proxy) ?? 0) + 1;
    if (nth === 1 && this.#told.size >= MOST_NAMES) this.#forgetNames();
    this.#told.set(source.proxy, nth);
    // The types cannot follow that `facts` are those of `kind`.
    const event = { seq: this.#seq, nth, at, source, kind, facts } as unknown as WireEvent;
    this.#past.keep(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** What came after the last event that was seen, of one proxy or of all. */
  since({ seq, nth }: Seen, proxy: string | undefined): Missed {
    const first = Math.max(0, this.#seq - KEPT_EVENTS);
    const all = Math.max(0, first - seq);
    const kept: WireEvent[] = [];
    for (let next = first + 1; next <= this.#seq; next += 1) {
      const event = this.#past.get(next);
      if (proxy === undefined || event.source.proxy === proxy) kept.push(event);
    }
    const ofProxy = proxy === undefined ? undefined : (this.#told.get(proxy) ?? 0) - kept.length;
    return {
      events: kept.filter((event) => event.seq > seq),
      upTo: { seq: first, nth: ofProxy },
      ...forgottenOf({ all, ofProxy, nth }),
    };
  }

  /** Names come from requests: those that no kept event has are forgotten. */
  #forgetNames(): void {
    const used = new Set<string>();
    for (let seq = Math.max(1, this.#seq - KEPT_EVENTS); seq < this.#seq; seq += 1)
      used.add(this.#past.get(seq).source.proxy);
    for (const name of this.#told.keys()) if (!used.has(name)) this.#told.delete(name);
  }

  /** Calls `listener` with each event from now on, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
