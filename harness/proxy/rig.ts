/**
 * What the proxy's tests stand on: a proxy in this process, real sockets on both sides of it, and its events.
 *
 * Owns the cleaning up. Nothing here waits for a fixed time: one waits for bytes, ends and events.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { Alarm } from './alarm.ts';
import { readToxic, readToxicUpdate } from './api/toxic-json.ts';
import { Journal, type EventKind, type WireEvent } from './events/journal.ts';
import { Registry } from './proxies/registry.ts';
import type { WireProxy } from './proxies/wire-proxy.ts';
import type { RelayContext } from './relay/connection.ts';
import { KernelQueues } from './relay/kernel-queue.ts';

/** An event with whatever facts it has, as the API tells it. */
export type Told = Pick<WireEvent, 'seq' | 'at' | 'kind'> & Readonly<Record<string, unknown>>;

/** One end of a connection through the proxy, whose bytes and end are collected. */
export class Peer {
  readonly socket: Socket;
  readonly #parts: Buffer[] = [];
  /** Sizes of the reads, as the kernel gave them. */
  readonly reads: number[] = [];
  /** How its reading ended. */
  ending: 'fin' | 'reset' | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (part: Buffer) => {
      this.#parts.push(part);
      this.reads.push(part.length);
      this.#changed();
    });
    socket.on('end', () => this.#end('fin'));
    socket.on('error', () => this.#end('reset'));
    socket.on('close', () => this.#changed());
  }

  get received(): Buffer {
    return Buffer.concat(this.#parts);
  }

  get receivedBytes(): number {
    return this.reads.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Waits until at least `bytes` have arrived. */
  async has(bytes: number): Promise<void> {
    await this.#until(() => this.receivedBytes >= bytes);
  }

  /** Waits for the end of reading. */
  async end(): Promise<'fin' | 'reset'> {
    await this.#until(() => this.ending !== undefined || this.socket.destroyed);
    return this.ending ?? 'fin';
  }

  #end(how: 'fin' | 'reset'): void {
    this.ending ??= how;
    this.#changed();
  }

  #changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#wake.promise;
  }
}

/** A server that hands out its connections in order. */
export class Upstream {
  readonly server: Server;
  readonly #peers: Peer[] = [];
  readonly #waiting: ((peer: Peer) => void)[] = [];

  constructor() {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      const peer = new Peer(socket);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#peers.push(peer);
      else waiting(peer);
    });
  }

  get address(): string {
    const address = this.server.address() as AddressInfo | string;
    if (typeof address === 'string') return `unix:${address}`;
    return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
  }

  async next(): Promise<Peer> {
    const ready = this.#peers.shift();
    if (ready !== undefined) return ready;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export class Rig implements AsyncDisposable {
  readonly events: Told[] = [];
  readonly journal = new Journal();
  readonly alarm = new Alarm();
  readonly registry: Registry;
  readonly #kernel = new KernelQueues(this.alarm);
  readonly #sockets: Socket[] = [];
  readonly #servers: Server[] = [];
  #toldMore = Promise.withResolvers<void>();

  constructor(settings: Partial<RelayContext> = {}) {
    const { alarm, journal } = this;
    const context = {
      alarm,
      journal,
      kernel: this.#kernel,
      seed: 'rig',
      dialTimeoutMs: 5000,
      refused: 'reset' as const,
    };
    this.registry = new Registry({ ...context, ...settings }, () => undefined);
    journal.listen(({ seq, at, source, kind, facts }) => {
      const { proxy, conn } = source;
      this.events.push({ seq, at, proxy, ...(conn !== undefined && { conn }), kind, ...facts });
      this.#toldMore.resolve();
      this.#toldMore = Promise.withResolvers<void>();
    });
  }

  async upstream(listen: object = { host: '127.0.0.1', port: 0 }): Promise<Upstream> {
    const upstream = new Upstream();
    upstream.server.on('connection', (socket) => this.#sockets.push(socket));
    upstream.server.listen(listen);
    await once(upstream.server, 'listening');
    this.#servers.push(upstream.server);
    return upstream;
  }

  /** A proxy in front of `upstream`, with these toxics on it. */
  async proxy(upstream: string, toxics: readonly object[] = [], listen = '127.0.0.1:0'): Promise<WireProxy> {
    const name = `proxy-${this.registry.proxies.length + 1}`;
    const prepare = (proxy: WireProxy): void => toxics.forEach((toxic) => this.add(proxy, toxic));
    const proxy = await this.registry.create({ name, listen, upstream }, { enabled: true, hang: false, prepare });
    if (proxy === undefined) throw new Error(`${name} exists`);
    return proxy;
  }

  add(proxy: WireProxy, request: object): void {
    const { toxic, direction } = readToxic(request);
    proxy.setToxics(direction, [...proxy.toxics(direction), toxic]);
  }

  /** Gives that toxic, if there is one, the attributes for its type. */
  update(proxy: WireProxy, name: string, attributes: Readonly<Record<string, object>>): void {
    for (const direction of ['upstream', 'downstream'] as const) {
      const toxic = proxy.toxics(direction).find((one) => one.name === name);
      if (toxic === undefined) continue;
      Object.assign(toxic, readToxicUpdate({ attributes: attributes[toxic.kind.type] }, toxic));
      proxy.setToxics(direction, proxy.toxics(direction));
    }
  }

  remove(proxy: WireProxy, name: string): void {
    for (const direction of ['upstream', 'downstream'] as const) {
      proxy.setToxics(
        direction,
        proxy.toxics(direction).filter((toxic) => toxic.name !== name),
      );
    }
  }

  /** A client of the proxy, connected. */
  async client({ listen }: { readonly listen: string }): Promise<Peer> {
    const target = listen.startsWith('unix:')
      ? { path: listen.slice('unix:'.length) }
      : {
          host: listen.slice(0, listen.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1'),
          port: Number(listen.split(':').at(-1)),
        };
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.#sockets.push(socket);
    const peer = new Peer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** A server, a proxy with these toxics, a client, and the server's side of the client's connection. */
  async pair(
    toxics: readonly object[] = [],
  ): Promise<{ proxy: WireProxy; upstream: Upstream; client: Peer; server: Peer }> {
    const upstream = await this.upstream();
    const proxy = await this.proxy(upstream.address, toxics);
    const client = await this.client(proxy);
    return { proxy, upstream, client, server: await upstream.next() };
  }

  /** All events of that kind so far; `facts` narrows. */
  told(kind: EventKind, facts: Readonly<Record<string, unknown>> = {}): Told[] {
    return this.events.filter(
      (event) => event.kind === kind && Object.entries(facts).every(([key, value]) => event[key] === value),
    );
  }

  /** Waits for the first such event. */
  async until(kind: EventKind, facts: Readonly<Record<string, unknown>> = {}): Promise<Told> {
    for (;;) {
      const [first] = this.told(kind, facts);
      if (first !== undefined) return first;
      await this.#toldMore.promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.registry.stop();
    this.alarm.stop();
    await this.#kernel.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map(async (server) => {
        server.close();
        await once(server, 'close');
      }),
    );
  }
}

/** A toxic as the API takes it: the only one of its proxy, on what goes upstream unless `more` says otherwise. */
export const toxic = (type: string, attributes: object, more: object = {}): object => ({
  name: 'f0',
  type,
  stream: 'upstream',
  attributes,
  ...more,
});
