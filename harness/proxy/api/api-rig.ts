/**
 * What the API's tests stand on: the API over HTTP, in this process, on the proxies of a rig.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { Rig } from '../rig.ts';
import { routesOf } from './routes.ts';
import { createApi } from './server.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export class Api implements AsyncDisposable {
  readonly rig = new Rig();
  readonly #server = createApi(
    routesOf({
      registry: this.rig.registry,
      journal: this.rig.journal,
      metrics: { proxyMetrics: true, runtimeMetrics: false },
    }),
    () => undefined,
  );

  static async open(): Promise<Api> {
    const api = new Api();
    api.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(api.#server, 'listening');
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const init = { method, headers, redirect: 'manual' as const };
    const sent = body === undefined ? init : { ...init, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, sent);
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.rig[Symbol.asyncDispose]();
  }
}

/** What is answered to a request that is refused. */
export const refusal = (status: number, message: string): object => ({ status, json: { error: message, status } });

/** A proxy whose upstream nobody connects to. */
export const PROXY = { name: 'redis', listen: '127.0.0.1:0', upstream: '127.0.0.1:6379' };
