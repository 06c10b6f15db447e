/**
 * All proxies of the process by name.
 *
 * Owns names and the operations over several proxies. Each operation is done, or refused with a reason, before any byte
 * of any connection has to move.
 */
import type { Log } from '../log.ts';
import type { RelayContext } from '../relay/connection.ts';
import { type ProxySettings, WireProxy } from './wire-proxy.ts';

/** How a proxy begins. */
interface Start {
  readonly enabled: boolean;
  readonly prepare: (proxy: WireProxy) => void;
}

export class Registry {
  readonly #proxies = new Map<string, WireProxy>();
  readonly #context: RelayContext;
  readonly #log: Log;

  constructor(context: RelayContext, log: Log) {
    this.#context = context;
    this.#log = log;
  }

  get proxies(): readonly WireProxy[] {
    return [...this.#proxies.values()];
  }

  get(name: string): WireProxy | undefined {
    return this.#proxies.get(name);
  }

  /**
   * Adds a proxy and starts it unless it is to be disabled; `prepare` puts its first toxics on before it listens.
   *
   * @returns undefined when the name is taken
   * @throws ListenError; the proxy then does not exist
   */
  async create(settings: ProxySettings, start: Start): Promise<WireProxy | undefined> {
    return this.#proxies.has(settings.name) ? undefined : this.#put(settings, start);
  }

  /**
   * Puts a proxy in the place of the one that has its name: that one is stopped first.
   *
   * @throws ListenError; the old one is then there still, stopped
   */
  async replace(settings: ProxySettings, start: Start): Promise<WireProxy> {
    const before = this.#proxies.get(settings.name);
    await before?.update({ enabled: false });
    return this.#put(settings, start);
  }

  /** Stops and forgets a proxy; false when there is none of that name. */
  remove(name: string): boolean {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) return false;
    this.#proxies.delete(name);
    proxy.remove();
    return true;
  }

  /** Starts every proxy and takes all toxics away. Each proxy is tried, whatever happens to the others. */
  async reset(): Promise<void> {
    const errors: Error[] = [];
    for (const proxy of this.proxies) {
      proxy.setToxics('upstream', []);
      proxy.setToxics('downstream', []);
      await proxy.update({ enabled: true }).catch((error: unknown) => errors.push(asError(error)));
    }
    if (errors[0] !== undefined) throw errors[0];
  }

  async #put(settings: ProxySettings, { enabled, prepare }: Start): Promise<WireProxy> {
    const { name } = settings;
    const proxy = new WireProxy(settings, this.#context, this.#log);
    prepare(proxy);
    const before = this.#proxies.get(name);
    this.#proxies.set(name, proxy);
    try {
      if (enabled) await proxy.update({ enabled });
    } catch (error) {
      if (this.#proxies.get(name) !== proxy) throw error;
      if (before === undefined) this.#proxies.delete(name);
      else this.#proxies.set(name, before);
      throw error;
    }
    before?.remove();
    return proxy;
  }

  /** Stops everything. */
  stop(): void {
    for (const { name } of this.proxies) this.remove(name);
  }
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('a proxy failed to start', { cause: thrown });
