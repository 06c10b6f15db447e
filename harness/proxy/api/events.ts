/**
 * `GET /events`: what the proxy does, as server-sent events.
 *
 * Owns the bounded queue to each listener. `?proxy=NAME` tells of one proxy only; with `Last-Event-ID` it goes on after
 * that event, as far as events are kept. What a slow listener misses is counted in a `dropped` event in its place.
 */
import type { ServerResponse } from 'node:http';

import { nowMs, nowUs } from '../clock.ts';
import type { Journal, WireEvent } from '../events/journal.ts';
import type { Route } from './router.ts';

/** What may wait for one listener, in characters; beyond it events are dropped and counted. */
const MOST_WAITING = 4 * 1024 * 1024;

/** Under traffic a write for each event would cost more than the relaying itself, … */
const GATHER_MS = 4;

/** … and where so much came together, in characters, the next events wait longer for one another, … */
const MUCH = 16_384;
const LONG_GATHER_MS = 16;

/** … unless this much is together already: what waits must not become what is dropped. */
const MOST_GATHERED = 262_144;

const message = (seq: number, json: string): string => `id: ${seq}\ndata: ${json}\n\n`;

/** Names as JSON. Bounded: names come from requests. */
const MOST_NAMES = 1000;
const names = new Map<string, string>();
const nameText = (name: string): string => {
  let text = names.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    if (names.size >= MOST_NAMES) names.clear();
    names.set(name, text);
  }
  return text;
};

/** One event as JSON, put together by hand: under traffic there are tens of thousands a second. */
const eventText = (event: WireEvent): string => {
  const { seq, at, source, kind, facts } = event;
  const conn = source.conn === undefined ? '' : `"conn":${source.conn},`;
  const head = `{"seq":${seq},"at":${at},"proxy":${nameText(source.proxy)},${conn}"kind":"${kind}"`;
  if (event.kind === 'read' || event.kind === 'wrote') {
    const { direction, offset, bytes } = event.facts;
    return `${head},"direction":"${direction}","offset":${offset},"bytes":${bytes}}`;
  }
  const rest = JSON.stringify(facts).slice(1);
  return rest === '}' ? `${head}}` : `${head},${rest}`;
};

class Listener {
  readonly #response: ServerResponse;
  readonly #proxy: string | undefined;
  #waiting = '';
  #scheduled = false;
  #flushedMs = -Infinity;
  /** How much was written at once the last time, in characters. */
  #flushed = 0;
  #dropped = 0;
  #lastDropped = 0;

  constructor(response: ServerResponse, proxy: string | undefined) {
    this.#response = response;
    this.#proxy = proxy;
    response.on('drain', () => this.#flush());
  }

  tell(event: WireEvent): void {
    if (this.#proxy !== undefined && event.source.proxy !== this.#proxy) return;
    if (this.#response.writableLength + this.#waiting.length > MOST_WAITING) {
      this.lose(1, event.seq);
      return;
    }
    this.#tellDropped();
    this.#waiting += message(event.seq, eventText(event));
    if (this.#waiting.length > MOST_GATHERED) this.#flush();
    else this.#schedule();
  }

  /** Counts events that this listener will not get, up to number `seq`. */
  lose(count: number, seq: number): void {
    this.#dropped += count;
    this.#lastDropped = seq;
    this.#schedule();
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const facts = {
      seq: this.#lastDropped,
      at: nowUs(),
      proxy: this.#proxy ?? '',
      kind: 'dropped',
      count: this.#dropped,
    };
    this.#dropped = 0;
    this.#waiting += message(facts.seq, JSON.stringify(facts));
  }

  /** The first event after a pause goes in this turn of the loop, those that follow closely go together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => {
      this.#scheduled = false;
      this.#flushedMs = nowMs();
      this.#flush();
    };
    const gatherMs = this.#flushed > MUCH ? LONG_GATHER_MS : GATHER_MS;
    if (nowMs() - this.#flushedMs > gatherMs) setImmediate(flush);
    else setTimeout(flush, gatherMs);
  }

  #flush(): void {
    if (this.#response.writableNeedDrain || this.#response.destroyed) return;
    this.#tellDropped();
    if (this.#waiting === '') return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#flushed = text.length;
    this.#response.write(text);
  }
}

export const eventRoutes = (journal: Journal): readonly Route[] => [
  {
    method: 'GET',
    path: '/events',
    answer: ({ query, headers, response }) => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      // The first line makes the client's request complete before anything happens.
      response.write(': halfopen\n\n');
      const listener = new Listener(response, query.get('proxy') ?? undefined);
      const last = Number(headers['last-event-id'] ?? Number.NaN);
      if (Number.isSafeInteger(last)) {
        const { events, forgotten } = journal.since(last);
        if (forgotten > 0) listener.lose(forgotten, last + forgotten);
        for (const event of events) listener.tell(event);
      }
      const stop = journal.listen((event) => listener.tell(event));
      response.on('close', stop);
      return undefined;
    },
  },
];
