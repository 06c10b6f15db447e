/**
 * Reads a wire proxy's event stream once per cell and hands each attempt its own proxy's events.
 *
 * Owns the validation at the door and the change from the proxy's clock to the attempt's. A stream that broke off stays
 * so: what came in between is lost, and another cell has another stream.
 */
import * as v from 'valibot';

import { wireEventSchema } from '../evidence/wire-event.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import type { ClockReading, Watch } from './cell.ts';
import type { ProxyControl } from './proxy-control.ts';
import { RunError } from './run-error.ts';

interface Watcher {
  readonly originMicros: number;
  readonly onEvent: (event: WireEvent) => void;
  /** Its proxy's last `stopped`: one that is enabled again has yet to stop. */
  stopped: PromiseWithResolvers<void>;
}

export class WireFeed implements AsyncDisposable {
  readonly #watchers = new Map<string, Watcher>();
  readonly #abort = new AbortController();
  readonly #reading: Promise<void>;
  #aheadMicros = 0;
  #lost: RunError | null = null;

  constructor(control: ProxyControl) {
    this.#reading = this.#read(control);
  }

  async #read(control: ProxyControl): Promise<void> {
    let cause: unknown;
    try {
      for await (const raw of control.events({ signal: this.#abort.signal })) this.#take(raw);
    } catch (error) {
      cause = error;
    }
    if (this.#abort.signal.aborted) return;
    this.#lost = new RunError(
      'proxy-lost',
      "the fault proxy's event stream broke off",
      'run the scenario again',
      cause,
    );
    for (const watcher of this.#watchers.values()) watcher.stopped.reject(this.#lost);
  }

  #take(raw: unknown): void {
    const { proxy, at, ...rest } = raw as { proxy?: unknown; at?: unknown };
    if (typeof at !== 'number') return;
    // An event without a proxy, as of events dropped by the stream, concerns everyone.
    const watchers = typeof proxy === 'string' ? [this.#watchers.get(proxy)] : [...this.#watchers.values()];
    for (const watcher of watchers) {
      if (watcher === undefined) continue;
      const parsed = v.safeParse(wireEventSchema, {
        ...rest,
        atMs: (at - this.#aheadMicros - watcher.originMicros) / 1000,
      });
      // What cannot be understood is lost, and a loss is told.
      const event: WireEvent = parsed.success ? parsed.output : { kind: 'dropped', seq: 0, atMs: 0, count: 1 };
      watcher.onEvent(event);
      if (event.kind === 'listening') watcher.stopped = awaited();
      if (event.kind === 'stopped') watcher.stopped.resolve();
    }
  }

  /** Whether events still come. */
  get isSound(): boolean {
    return this.#lost === null;
  }

  /** How the proxy's clock stands to this one, from now on; until told it is taken for the same. */
  useClock({ aheadMicros }: ClockReading): void {
    this.#aheadMicros = aheadMicros;
  }

  /** Shows the events of one proxy until stopped. */
  watch(proxyName: string, onEvent: (event: WireEvent) => void, originMicros: number): Watch {
    const watcher: Watcher = { originMicros, onEvent, stopped: awaited() };
    this.#watchers.set(proxyName, watcher);
    if (this.#lost !== null) watcher.stopped.reject(this.#lost);
    return {
      ended: (signal) => Promise.race([watcher.stopped.promise, aborted(signal)]),
      stop: () => this.#watchers.delete(proxyName),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reading;
  }
}

function awaited(): PromiseWithResolvers<void> {
  const stopped = Promise.withResolvers<void>();
  stopped.promise.catch(() => {
    // Told to whoever waits for the end; nobody may be waiting yet.
  });
  return stopped;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
