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
  readonly hang: boolean;
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

  /** Forgets and stops a proxy, whose address is free when this returns; false when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) return false;
    this.#proxies.delete(name);
    await proxy.remove();
    return true;
  }

  /** Starts every proxy, takes all toxics away and lets connects through. Each proxy is tried, whatever happens to the others. */
  async reset(): Promise<void> {
    const errors: Error[] = [];
    for (const proxy of this.proxies) {
      proxy.setToxics('upstream', []);
      proxy.setToxics('downstream', []);
      await proxy.update({ enabled: true, hang: false }).catch((error: unknown) => errors.push(asError(error)));
    }
    if (errors[0] !== undefined) throw errors[0];
  }

  async #put(settings: ProxySettings, { enabled, hang, prepare }: Start): Promise<WireProxy> {
    const { name } = settings;
    const proxy = new WireProxy(settings, this.#context, this.#log);
    prepare(proxy);
    const before = this.#proxies.get(name);
    this.#proxies.set(name, proxy);
    try {
      await proxy.update({ enabled, hang });
    } catch (error) {
      if (this.#proxies.get(name) !== proxy) throw error;
      if (before === undefined) this.#proxies.delete(name);
      else this.#proxies.set(name, before);
      throw error;
    }
    await before?.remove();
    return proxy;
  }

  /** Stops everything. */
  async stop(): Promise<void> {
    await Promise.all(this.proxies.map(({ name }) => this.remove(name)));
  }
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('a proxy failed to start', { cause: thrown });
