/**
 * One proxy: a listener, the toxics that were put on it, and the connections it relays.
 *
 * Owns starting and stopping. The listening itself is `listener.ts`, names and the set of all proxies are `registry.ts`, JSON is `api/`.
 */
import type { Socket } from 'node:net';

import type { Source } from '../events/journal.ts';
import { Connection, type RelayContext } from '../relay/connection.ts';
import { acceptedLeg } from '../relay/leg.ts';
import type { Log } from '../log.ts';
import type { Direction } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { isWrittenAs } from './address.ts';
import { type ByteCounts, noBytes } from './byte-counts.ts';
import { Listener } from './listener.ts';

export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

let made = 0;

export class WireProxy {
  readonly name: string;
  /** Which of the process's proxies it is, from 1: names come again. */
  readonly proxyNumber = (made += 1);
  readonly #context: RelayContext;
  readonly #log: Log;
  readonly #counts: ByteCounts;
  readonly #connections = new Map<number, Connection>();
  readonly #toxics: Record<Direction, Toxic[]> = { upstream: [], downstream: [] };
  /** The latest change of listener: changes follow one another, and nothing else waits for them. */
  #change: Promise<unknown> = Promise.resolve();
  #listener: Listener | undefined;
  /** The freeing of the address that the latest listener had. */
  #freed: Promise<void> = Promise.resolve();
  #hanging = false;
  #removed = false;
  #accepted = 0;
  /** The bytes that passed, those of proxies before it counted where they had its name and both addresses. */
  bytes = noBytes();
  listen: string;
  upstream: string;

  constructor(
    { name, listen, upstream }: ProxySettings,
    context: RelayContext,
    { log, counts }: { readonly log: Log; readonly counts: ByteCounts },
  ) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
    this.#context = context;
    this.#log = log;
    this.#counts = counts;
  }

  get enabled(): boolean {
    return this.#listener !== undefined;
  }

  /** True when connects to it never end while it is enabled. */
  get hanging(): boolean {
    return this.#hanging;
  }

  get connections(): ReadonlyMap<number, Connection> {
    return this.#connections;
  }

  toxics(direction: Direction): readonly Toxic[] {
    return this.#toxics[direction];
  }

  /** Puts these toxics on the proxy and on all its open connections. */
  setToxics(direction: Direction, toxics: readonly Toxic[]): void {
    this.#toxics[direction] = [...toxics];
    for (const connection of this.#connections.values()) connection.applyToxics();
  }

  /**
   * Changes what is given, and leaves the rest. Another address or upstream ends all connections. When it is removed
   * meanwhile, its address is free when this returns.
   *
   * @throws ListenError, AddressError; the proxy is then stopped, with the new address, unless it was not understood
   */
  async update(wanted: {
    readonly listen?: string;
    readonly upstream?: string;
    readonly enabled?: boolean;
    /** Whether new connects hang while it is enabled. Open connections stay. */
    readonly hang?: boolean;
  }): Promise<void> {
    await this.#next(async () => {
      const { listen = this.listen, upstream = this.upstream, enabled = this.enabled, hang = this.#hanging } = wanted;
      const moves = wanted.listen !== undefined && !(await isWrittenAs(listen, this.listen));
      if (moves || upstream !== this.upstream) {
        await this.#stop();
        this.listen = listen;
        this.upstream = upstream;
      }
      this.#hanging = hang;
      if (!enabled) await this.#stop();
      else if (this.#listener === undefined) await this.#start();
      else await this.#hang(this.#listener);
      await this.#freed;
    });
  }

  /** Stops listening and closes all connections, at once and for ever. Its address is free when this returns. */
  async remove(): Promise<void> {
    this.#removed = true;
    await this.#stop();
    // What was asked for before still sees that it is removed, and frees the address.
    await this.#change;
  }

  count(direction: Direction, which: 'read' | 'wrote', bytes: number): void {
    this.bytes[direction][which] += bytes;
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection.number);
  }

  /** The owner's name, as connections know it. */
  get proxy(): string {
    return this.name;
  }

  /** Of the events about the proxy itself. */
  get #source(): Source {
    return { proxy: this.name, proxyNumber: this.proxyNumber, conn: undefined };
  }

  #next<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#change.then(change, change);
    this.#change = result.catch(() => undefined);
    return result;
  }

  async #start(): Promise<void> {
    if (this.#removed) return;
    const accepted = (socket: Socket): void => this.#accept(socket);
    const failed = (error: Error): void =>
      this.#log('error', 'Failed to accept', { proxy: this.name, error: error.message });
    const listener = await Listener.open(this.listen, { accepted, failed }, this.#hanging);
    // It may have been removed while the address was looked up.
    if (this.#removed) {
      await listener.close();
      return;
    }
    this.#listener = listener;
    this.listen = listener.address;
    this.bytes = this.#counts.of(this);
    this.#context.journal.record(this.#source, 'listening', { address: this.listen });
    this.#log('info', 'Started proxy', { name: this.name, proxy: this.listen, upstream: this.upstream });
  }

  async #hang(listener: Listener): Promise<void> {
    try {
      await listener.hang(this.#hanging);
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  /** Everything but the freeing of the address happens before this first waits. */
  async #stop(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    this.#freed = listener.close();
    for (const connection of this.#connections.values()) connection.close();
    this.#context.journal.record(this.#source, 'stopped', {});
    this.#log('info', 'Terminated proxy', { name: this.name, proxy: this.listen, upstream: this.upstream });
    await this.#freed;
  }

  #accept(socket: Socket): void {
    if (this.#listener === undefined) {
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    const leg = acceptedLeg(socket);
    this.#connections.set(this.#accepted, new Connection(leg, this.#accepted, { context: this.#context, owner: this }));
  }
}
