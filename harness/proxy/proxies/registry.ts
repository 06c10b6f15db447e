/**
 * All proxies of the process by name.
 *
 * Owns names and the operations over several proxies. Each operation is done, or refused with a reason, before any byte
 * of any connection has to move. Those that change which proxy has a name, or whether it listens, take turns by name: each
 * finds the one before it done. A removal alone waits for nobody: what it meets under way ends without listening.
 */
import type { Log } from '../log.ts';
import type { RelayContext } from '../relay/connection.ts';
import { ByteCounts } from './byte-counts.ts';
import { Turns } from './turns.ts';
import { type ProxySettings, WireProxy } from './wire-proxy.ts';

/** How a proxy begins. */
interface Start {
  readonly enabled: boolean;
  readonly hang: boolean;
  readonly prepare: (proxy: WireProxy) => void;
}

export class Registry {
  readonly #proxies = new Map<string, WireProxy>();
  readonly #turns = new Turns();
  readonly #context: RelayContext;
  readonly #log: Log;
  /** Of all proxies there were. */
  readonly counts = new ByteCounts();
  #stopped = false;

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

  /** Does `work` when all that was asked for before under these names is done; what comes later waits for it. */
  inTurn<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(names, work);
  }

  /**
   * Adds a proxy and starts it unless it is to be disabled; `prepare` puts its first toxics on before it listens.
   *
   * @returns undefined when the name is taken
   * @throws ListenError; the proxy then does not exist
   */
  async create(settings: ProxySettings, start: Start): Promise<WireProxy | undefined> {
    return this.inTurn([settings.name], async () =>
      this.#proxies.has(settings.name) ? undefined : this.#put(settings, start),
    );
  }

  /**
   * Puts a proxy in the place of the one that has its name: that one is stopped first. For callers whose turn it is.
   *
   * @throws ListenError; the old one is then there still, stopped
   */
  async replace(settings: ProxySettings, start: Start): Promise<WireProxy> {
    await this.#proxies.get(settings.name)?.update({ enabled: false });
    return this.#put(settings, start);
  }

  /** Forgets and stops a proxy, whose address is free when this returns; false when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) return false;
    this.#proxies.delete(name);
    const freed = proxy.remove();
    // Whoever comes next under this name may want the same address.
    void this.inTurn([name], () => freed);
    await freed;
    return true;
  }

  /** Starts every proxy, takes all toxics away and lets connects through. Each proxy is tried, whatever happens to the others. */
  async reset(): Promise<void> {
    const names = new Set([...this.#proxies.keys(), ...this.#turns.names]);
    const resets = [...names].map((name) => this.inTurn([name], () => this.#reset(name)));
    for (const reset of await Promise.allSettled(resets)) if (reset.status === 'rejected') throw reset.reason;
  }

  async #reset(name: string): Promise<void> {
    const proxy = this.#proxies.get(name);
    proxy?.setToxics('upstream', []);
    proxy?.setToxics('downstream', []);
    await proxy?.update({ enabled: true, hang: false });
  }

  async #put(settings: ProxySettings, { enabled, hang, prepare }: Start): Promise<WireProxy> {
    if (this.#stopped) throw new Error('the proxies are being stopped');
    const { name } = settings;
    const proxy = new WireProxy(settings, this.#context, { log: this.#log, counts: this.counts });
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

  /** Stops everything, and lets nothing begin any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.proxies.map(({ name }) => this.remove(name)));
  }
}
