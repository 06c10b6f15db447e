/**
 * `GET /events`: what the proxy does, as server-sent events.
 *
 * Owns the bounded queue to each listener. `?proxy=NAME` tells of one proxy only; with `Last-Event-ID` it goes on after
 * that event, as far as events are kept: as fast as they are taken, and what happens meanwhile comes behind. What a slow
 * listener misses is counted in a `dropped` event in its place. While nothing happens a comment says now and then that the
 * stream still stands. After an event of another process, as before a restart, a
 * `restarted` event is told, then all that is kept. Ids are those of `event-id.ts`.
 */
import type { ServerResponse } from 'node:http';

import { nowMs, nowUs } from '../clock.ts';
import type { Journal, Seen, WireEvent } from '../events/journal.ts';
import { formatEventId, parseEventId } from './event-id.ts';
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

/** HTTP clients give up a body in which nothing comes, undici's after 300 s; what lies between may do so much earlier. */
const COMMENT_EVERY_MS = 15_000;

const message = (id: string, json: string): string => `id: ${id}\ndata: ${json}\n\n`;

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
  const head = `{"seq":${seq},"at":${at},"proxy":${nameText(source.proxy)},"proxyNumber":${source.proxyNumber},${conn}"kind":"${kind}"`;
  if (event.kind === 'read' || event.kind === 'wrote') {
    const { direction, offset, bytes } = event.facts;
    return `${head},"direction":"${direction}","offset":${offset},"bytes":${bytes}}`;
  }
  const rest = JSON.stringify(facts).slice(1);
  return rest === '}' ? `${head}}` : `${head},${rest}`;
};

class Listener {
  readonly #response: ServerResponse;
  readonly #process: string;
  readonly #proxy: string | undefined;
  #waiting = '';
  #scheduled = false;
  #flushedMs = -Infinity;
  /** How much was written at once the last time, in characters. */
  #flushed = 0;
  /** Set while somebody waits for `roomy`. */
  #goOn: (() => void) | undefined;
  #dropped = 0;
  #lastDropped: Seen = { seq: 0, nth: 0 };
  /** True when some of those that were dropped may have been told before. */
  #atMost = false;

  constructor(
    response: ServerResponse,
    { process, proxy }: { readonly process: string; readonly proxy: string | undefined },
  ) {
    this.#response = response;
    this.#process = process;
    this.#proxy = proxy;
    response.on('drain', () => {
      this.#flush();
      this.#goOn?.();
    });
    response.on('close', () => this.#goOn?.());
  }

  /** True when nobody listens any more. */
  get gone(): boolean {
    return this.#response.destroyed;
  }

  /** Calls that when nobody listens any more. */
  whenGone(done: () => void): void {
    this.#response.on('close', done);
  }

  /** Waits until the listener has taken what it was sent, or is gone. */
  async roomy(): Promise<void> {
    while (this.#response.writableNeedDrain && !this.gone) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
  }

  /** Says that the stream still stands, unless there is more to say. */
  comment(): void {
    if (this.#response.writableNeedDrain || this.gone || this.#waiting !== '') return;
    this.#response.write(': still here\n\n');
  }

  tell(event: WireEvent): void {
    if (this.#proxy !== undefined && event.source.proxy !== this.#proxy) return;
    if (this.#response.writableLength + this.#waiting.length > MOST_WAITING) {
      this.lose(1, { upTo: event });
      return;
    }
    this.#tellDropped();
    this.#waiting += message(this.#id(event), eventText(event));
    if (this.#waiting.length > MOST_GATHERED) this.#flush();
    else this.#schedule();
  }

  /** Counts events that this listener will not get, up to the one that is given. */
  lose(count: number, { upTo, atMost = false }: { readonly upTo: Seen; readonly atMost?: boolean }): void {
    this.#dropped += count;
    this.#lastDropped = upTo;
    this.#atMost ||= atMost;
    this.#schedule();
  }

  /** Tells that the event after which the listener wants to go on is none of this process. */
  tellRestarted(): void {
    const facts = { seq: 0, at: nowUs(), ...this.#ofProxy(), kind: 'restarted' };
    this.#waiting += message(this.#id({ seq: 0, nth: 0 }), JSON.stringify(facts));
    this.#schedule();
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const facts = {
      seq: this.#lastDropped.seq,
      at: nowUs(),
      ...this.#ofProxy(),
      kind: 'dropped',
      count: this.#dropped,
      ...(this.#atMost && { atMost: true }),
    };
    this.#dropped = 0;
    this.#atMost = false;
    this.#waiting += message(this.#id(this.#lastDropped), JSON.stringify(facts));
  }

  /** What concerns all proxies has no name. */
  #ofProxy(): object {
    return this.#proxy === undefined ? {} : { proxy: this.#proxy };
  }

  /** How many events of a proxy there were is known to listeners of that proxy only. */
  #id({ seq, nth }: Seen): string {
    return formatEventId(this.#process, { seq, nth: this.#proxy === undefined ? undefined : nth });
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

/** Tells each event from now on. */
const follow = (listener: Listener, journal: Journal): void =>
  listener.whenGone(journal.listen((event) => listener.tell(event)));

/** Tells what came after that event, as fast as it is taken, then what came meanwhile, until it can follow. */
const resume = async (
  listener: Listener,
  journal: Journal,
  { id, proxy }: { readonly id: string; readonly proxy: string | undefined },
): Promise<void> => {
  let seen = parseEventId(id, journal);
  if (seen === undefined) listener.tellRestarted();
  seen ??= { seq: 0, nth: 0 };
  while (!listener.gone) {
    const { events, forgotten, ...how } = journal.since(seen, proxy);
    if (forgotten > 0) listener.lose(forgotten, how);
    const last = events.at(-1);
    if (last === undefined) return follow(listener, journal);
    for (const event of events) {
      await listener.roomy();
      listener.tell(event);
    }
    seen = last;
  }
  return undefined;
};

/** @param commentEveryMs how often a comment says that the stream still stands */
export const eventRoutes = (journal: Journal, commentEveryMs = COMMENT_EVERY_MS): readonly Route[] => [
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
      const proxy = query.get('proxy') ?? undefined;
      const listener = new Listener(response, { process: journal.process, proxy });
      const comments = setInterval(() => listener.comment(), commentEveryMs);
      listener.whenGone(() => clearInterval(comments));
      const id = headers['last-event-id'];
      if (id === undefined) follow(listener, journal);
      else void resume(listener, journal, { id, proxy });
      return undefined;
    },
  },
];
