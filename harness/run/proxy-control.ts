/**
 * A fault proxy's API, Toxiproxy's or the wire proxy's: each call with a deadline, a signal and the times of its effect.
 *
 * Owns the use of `toxiproxy-node-client`. Which toxics a fault needs is decided by whoever calls.
 */
import { type ICreateToxicBody, Proxy, Toxic, Toxiproxy } from 'toxiproxy-node-client';

import { monotonicMs } from './clock.ts';
import { parseEvents } from './proxy-events.ts';
import type { ToxicRequest, ToxicState } from './proxy-toxics.ts';
import { ProxyControlError, proxyFetch, ProxyTransport } from './proxy-transport.ts';

export type { ToxicRequest } from './proxy-toxics.ts';

const DEFAULT_DEADLINE_MS = 2000;

/** What a call returned, and when it was asked and acknowledged, in ms of CLOCK_MONOTONIC: its effect began in between. */
export interface Timed<Value> {
  readonly value: Value;
  readonly askedAtMs: number;
  readonly acknowledgedAtMs: number;
}

export interface ProxyRequest {
  readonly name: string;
  /** `host:port`; port 0 is any free one. */
  readonly listen: string;
  readonly upstream: string;
  /** Default true. */
  readonly enabled?: boolean;
}

export interface ProxyState {
  readonly name: string;
  /** Where it listens, the port resolved. */
  readonly host: string;
  readonly port: number;
  readonly upstream: string;
  readonly enabled: boolean;
}

export class ProxyControl {
  readonly baseUrl: string;
  readonly #deadlineMs: number;

  /**
   * @param baseUrl of the API, such as `http://127.0.0.1:8474`
   * @param deadlineMs of each call
   */
  constructor(baseUrl: string, deadlineMs = DEFAULT_DEADLINE_MS) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.#deadlineMs = deadlineMs;
  }

  /** The server's version. All calls throw {ProxyControlError}, or the reason of `signal` once it is aborted. */
  async version(signal?: AbortSignal): Promise<Timed<string>> {
    return this.#timed(signal, async (client) => {
      const text = await client.getVersion();
      return /"version":\s*"([^"]*)"/.exec(text)?.[1] ?? text.trim();
    });
  }

  async createProxy({ enabled = true, ...rest }: ProxyRequest, signal?: AbortSignal): Promise<Timed<ProxyState>> {
    return this.#timed(signal, async (client) => stateOf(await client.createProxy({ ...rest, enabled })));
  }

  /** Changes what is given. Another upstream, or disabling, ends all connections of the proxy. `hang`: wire proxy only. */
  async updateProxy(
    name: string,
    change: { readonly upstream?: string; readonly enabled?: boolean; readonly hang?: boolean },
    signal?: AbortSignal,
  ): Promise<Timed<ProxyState>> {
    return this.#timed(signal, async (client) => {
      // The library asks for all fields; the API takes some.
      return stateOf(await proxyNamed(client, name).update(change as Parameters<Proxy['update']>[0]));
    });
  }

  async removeProxy(name: string, signal?: AbortSignal): Promise<Timed<void>> {
    return this.#timed(signal, (client) => proxyNamed(client, name).remove());
  }

  /** Puts a toxic on a proxy: in force on all its connections when this returns. */
  async addToxic(proxy: string, toxic: ToxicRequest, signal?: AbortSignal): Promise<Timed<ToxicState>> {
    return this.#timed(signal, (client) => {
      const { toxicity = 1, ...rest } = toxic;
      // The library knows the names of Toxiproxy's types only.
      return proxyNamed(client, proxy).addToxic<unknown>({ ...rest, toxicity } as ICreateToxicBody<unknown>);
    });
  }

  /** Replaces the toxic's attributes and toxicity. */
  async updateToxic(proxy: string, toxic: ToxicRequest, signal?: AbortSignal): Promise<Timed<ToxicState>> {
    return this.#timed(signal, (client) => {
      const { toxicity = 1, ...rest } = toxic;
      const body = { ...rest, toxicity } as ConstructorParameters<typeof Toxic>[2];
      return toxicNamed(client, proxy, toxic.name).update(body);
    });
  }

  async removeToxic(proxy: string, name: string, signal?: AbortSignal): Promise<Timed<void>> {
    return this.#timed(signal, (client) => toxicNamed(client, proxy, name).remove());
  }

  /** Starts every proxy and takes all toxics away. */
  async reset(signal?: AbortSignal): Promise<Timed<void>> {
    return this.#timed(signal, (client) => client.reset());
  }

  /**
   * The wire proxy's events, those kept since it started first, then each as it happens, until the stream ends.
   * Not validated. Real Toxiproxy has none: 404.
   *
   * @param select `proxy`: of this proxy only; `after`: from this event's number on
   */
  async *events(
    select: { readonly proxy?: string; readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<unknown, void, undefined> {
    const { proxy, after = 0, signal } = select;
    const url = `${this.baseUrl}/events${proxy === undefined ? '' : `?proxy=${encodeURIComponent(proxy)}`}`;
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(after) };
    const limits = { signal, deadlineMs: this.#deadlineMs };
    const body = await proxyFetch(url, { headers }, limits, (response) => Promise.resolve(response.body));
    if (body === null) throw new ProxyControlError(`GET ${url}: no body`, { code: 'proxy-malformed' });
    yield* parseEvents(body);
  }

  async #timed<Value>(
    signal: AbortSignal | undefined,
    call: (client: Toxiproxy) => Promise<Value>,
  ): Promise<Timed<Value>> {
    signal?.throwIfAborted();
    const client = new Toxiproxy(this.baseUrl);
    // The library's own transport drops the server's error text and knows no deadline; all its calls go through this field.
    client.api = new ProxyTransport({ signal, deadlineMs: this.#deadlineMs }) as unknown as Toxiproxy['api'];
    const askedAtMs = monotonicMs();
    const value = await call(client);
    return { value, askedAtMs, acknowledgedAtMs: monotonicMs() };
  }
}

/** The library puts names into URLs as they are. */
function proxyNamed(client: Toxiproxy, name: string): Proxy {
  return new Proxy(client, { name: encodeURIComponent(name), listen: '', upstream: '', enabled: true, toxics: [] });
}

function toxicNamed(client: Toxiproxy, proxy: string, name: string): Toxic<unknown> {
  const unread = { type: 'latency', stream: 'downstream', toxicity: 1, attributes: {} } as const;
  return new Toxic(client.api, proxyNamed(client, proxy).getPath(), { name: encodeURIComponent(name), ...unread });
}

function stateOf({ name, listen, upstream, enabled }: Proxy): ProxyState {
  const separator = listen.lastIndexOf(':');
  const host = listen.slice(0, separator).replace(/^\[(.*)\]$/, '$1');
  return { name, host, port: Number(listen.slice(separator + 1)), upstream, enabled };
}

/** Whether the API of each can be reached: a published port can be gone while its container runs on. */
export async function allAnswer(controls: readonly ProxyControl[]): Promise<boolean> {
  const answers = await Promise.allSettled(controls.map((control) => control.version()));
  return answers.every(({ status }) => status === 'fulfilled');
}
