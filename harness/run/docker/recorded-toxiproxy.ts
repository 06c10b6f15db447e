/**
 * Real Toxiproxy between two passes through the wire proxy, which injects nothing and records everything.
 *
 *     client ─▶ front (wire proxy) ─▶ Toxiproxy ─▶ back (wire proxy) ─▶ server
 *
 * Owns making and removing the three as one, and the story of both recordings as the events of one proxy.
 */
import type { WireEvent } from '../../evidence/wire-event.ts';
import type { FaultControl, Watch } from '../cell.ts';
import { monotonicMicros } from '../clock.ts';
import type { ProxyControl, ToxicRequest } from '../proxy-control.ts';
import type { WireFeed } from '../wire-feed.ts';
import { CrossingLog } from './crossing.ts';
import { recordedEffects } from './recorded-effects.ts';
import { toxiproxyToxics } from './toxiproxy-toxics.ts';

/** A fault, from when to when on CLOCK_MONOTONIC in microseconds. */
interface Installed {
  readonly proxy: string;
  readonly toxic: ToxicRequest;
  readonly names: readonly string[];
  readonly fromMicros: number;
  untilMicros: number;
}

/** Below what the kernel gives to who asks for any port (man 7 ip, ip_local_port_range). */
const FIRST_PORT = 10_000;
const PORTS = 20_000;

export class RecordedToxiproxy implements FaultControl {
  readonly #toxiproxy: ProxyControl;
  readonly #wire: ProxyControl;
  readonly #feed: WireFeed;
  readonly #installed: Installed[] = [];
  #made = 0;

  constructor(toxiproxy: ProxyControl, wire: ProxyControl, feed: WireFeed) {
    this.#toxiproxy = toxiproxy;
    this.#wire = wire;
    this.#feed = feed;
  }

  /** Makes the three side by side, on ports chosen here, since each has to know the next one's; what it tells is the front's. */
  async createProxy(request: Parameters<FaultControl['createProxy']>[0], signal?: AbortSignal) {
    const { name, upstream } = request;
    // The two listen in different containers.
    const port = this.#nextPort();
    const [made] = await Promise.all([
      this.#wire.createProxy({ ...request, name: frontOf(name), upstream: `proxy:${port}` }, signal),
      this.#toxiproxy.createProxy({ name, listen: `0.0.0.0:${port}`, upstream: `wire:${port}` }, signal),
      this.#wire.createProxy({ name: backOf(name), listen: `0.0.0.0:${port}`, upstream }, signal),
    ]);
    return made;
  }

  /** Nothing else listens in the proxies' own network namespaces. A port comes again only after all others. */
  #nextPort(): number {
    const port = FIRST_PORT + (this.#made % PORTS);
    this.#made += 1;
    return port;
  }

  /** Disables or enables Toxiproxy's, and the front with it: a client must be refused by whoever it dials. */
  async updateProxy(...[name, change, signal]: Parameters<FaultControl['updateProxy']>) {
    const { enabled } = change;
    const only = enabled === undefined ? {} : { enabled };
    await this.#toxiproxy.updateProxy(name, only, signal);
    return this.#wire.updateProxy(frontOf(name), only, signal);
  }

  async removeProxy(name: string, signal?: AbortSignal) {
    const [removed] = await Promise.all([
      this.#wire.removeProxy(frontOf(name), signal),
      this.#toxiproxy.removeProxy(name, signal),
      this.#wire.removeProxy(backOf(name), signal),
    ]);
    return removed;
  }

  /** Puts Toxiproxy's own toxics in the place of one of the wire proxy's. */
  async addToxic(...[proxy, toxic, signal]: Parameters<FaultControl['addToxic']>) {
    const [first, ...more] = toxiproxyToxics(toxic);
    if (first === undefined) throw new Error(`no toxic of Toxiproxy stands for ${toxic.type}`);
    const fromMicros = monotonicMicros();
    let added = await this.#toxiproxy.addToxic(proxy, first, signal);
    for (const each of more) added = await this.#toxiproxy.addToxic(proxy, each, signal);
    const names = [first, ...more].map(({ name }) => name);
    this.#installed.push({ proxy, toxic, names, fromMicros, untilMicros: Number.POSITIVE_INFINITY });
    return added;
  }

  async removeToxic(...[proxy, name, signal]: Parameters<FaultControl['removeToxic']>) {
    const installed = this.#installed.find((each) => each.proxy === proxy && each.toxic.name === name);
    if (installed === undefined) return this.#toxiproxy.removeToxic(proxy, name, signal);
    installed.untilMicros = monotonicMicros();
    let removed = await this.#toxiproxy.removeToxic(proxy, name, signal);
    for (const each of installed.names)
      if (each !== name) removed = await this.#toxiproxy.removeToxic(proxy, each, signal);
    return removed;
  }

  /** Shows both recordings as one, and what they prove of the faults, once both have ended. */
  watch(proxy: string, onEvent: (event: WireEvent) => void, originMicros: number): Watch {
    const closedMs = new Map<number, number>();
    let stopped: WireEvent | null = null;
    const log = new CrossingLog((event) => {
      if (event.kind === 'closed') closedMs.set(event.conn, event.atMs);
      // Told last, so that whoever waits for the end has the effects too.
      if (event.kind === 'stopped') stopped = event;
      else onEvent(event);
    });
    const front = this.#feed.watch(frontOf(proxy), (event) => log.note('front', event), originMicros);
    const back = this.#feed.watch(backOf(proxy), (event) => log.note('back', event), originMicros);
    const tellEffects = (): void => {
      for (const effect of this.#effects(proxy, log, closedMs, originMicros)) log.tell(effect);
      if (stopped !== null) onEvent(stopped);
      stopped = null;
    };
    return {
      ended: async (signal) => {
        await front.ended(signal);
        await back.ended(signal);
        tellEffects();
      },
      stop: () => {
        front.stop();
        back.stop();
      },
    };
  }

  #effects(
    proxy: string,
    log: CrossingLog,
    closedMs: ReadonlyMap<number, number>,
    originMicros: number,
  ): Extract<WireEvent, { kind: 'effect' }>[] {
    const toMs = (micros: number): number => (micros - originMicros) / 1000;
    const nowMs = toMs(monotonicMicros());
    const crossings = log.crossings.toSorted((one, other) => one.atMs - other.atMs);
    return this.#installed
      .filter((each) => each.proxy === proxy)
      .flatMap(({ toxic, fromMicros, untilMicros }) => {
        const inForce = { toxic, fromMs: toMs(fromMicros), untilMs: toMs(untilMicros) };
        const found = recordedEffects(inForce, crossings, (conn) => closedMs.get(conn) ?? nowMs);
        const { name, type, stream } = toxic;
        return found.map(
          (effect) => ({ kind: 'effect', seq: 0, toxic: name, type, direction: stream, ...effect }) as const,
        );
      });
  }
}

function frontOf(name: string): string {
  return `${name}-front`;
}

function backOf(name: string): string {
  return `${name}-back`;
}
