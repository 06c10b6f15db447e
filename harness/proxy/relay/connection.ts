/**
 * One relayed connection: two legs, two pipes, and what an end on one side means for the other.
 *
 * Owns the life of the connection: dial, relay, end. Each direction's FIN passes alone; a reset passes as a reset, after
 * the bytes before it have reached the receiver's kernel; the connection is over when both directions have ended.
 */
import type { Alarm } from '../alarm.ts';
import type { EventFacts, EventKind, Journal, Source } from '../events/journal.ts';
import { reverse, type Direction, type End } from '../stream/item.ts';
import type { Toxic } from '../toxics/kind.ts';
import { ConnectionToxics } from './connection-toxics.ts';
import { describePeers, describePipe } from './description.ts';
import { dial } from './dial.ts';
import type { KernelQueues } from './kernel-queue.ts';
import type { Leg } from './leg.ts';
import { Pipe, type PipeOwner } from './pipe.ts';
import type { Bite } from './stage.ts';

/** What all connections of the process share. */
export interface RelayContext {
  readonly alarm: Alarm;
  readonly journal: Journal;
  readonly kernel: KernelQueues;
  readonly seed: string;
  readonly dialTimeoutMs: number;
  /** What a client sees when the upstream cannot be reached. */
  readonly refused: 'reset' | 'end';
}

/** What a connection needs of its proxy. */
export interface ConnectionOwner {
  readonly proxy: string;
  readonly proxyNumber: number;
  readonly listen: string;
  readonly upstream: string;
  toxics(direction: Direction): readonly Toxic[];
  count(direction: Direction, which: 'read' | 'wrote', bytes: number): void;
  closed(connection: Connection): void;
}

const acknowledgedDetail = (left: number | undefined, offset: number): string | undefined => {
  if (left === 0) return `the receiver's kernel acknowledged all ${offset} bytes`;
  if (left === undefined) return `${offset} bytes handed to the kernel, acknowledgement not known`;
  return `the receiver's kernel acknowledged ${Math.max(0, offset - left)} of ${offset} bytes`;
};

export class Connection implements PipeOwner {
  readonly number: number;
  readonly clientPort: number;
  readonly #context: RelayContext;
  readonly #owner: ConnectionOwner;
  readonly #client: Leg;
  readonly #toxics: ConnectionToxics;
  readonly #openedAt = new Date();
  /** Of all its events. */
  readonly #source: Source;
  readonly #cancelDial: () => void;
  #upstream: Leg | undefined;
  #pipes: Readonly<Record<Direction, Pipe>> | undefined;
  /** Directions whose sender has ended, and directions whose receiver was told so. */
  readonly #sent = new Set<Direction>();
  readonly #received = new Set<Direction>();
  /** Decided to end; nothing is relayed any more. */
  #over = false;
  /** Told to have ended; nothing is told any more. */
  #closed = false;

  constructor(
    client: Leg,
    number: number,
    { context, owner }: { readonly context: RelayContext; readonly owner: ConnectionOwner },
  ) {
    this.number = number;
    this.#source = { proxy: owner.proxy, proxyNumber: owner.proxyNumber, conn: number };
    this.#client = client;
    this.#context = context;
    this.#owner = owner;
    this.clientPort = client.socket.remotePort ?? 0;
    this.#toxics = new ConnectionToxics(this, { seed: context.seed, proxy: owner.proxy });
    this.#record('accepted', { clientPort: this.clientPort });
    this.#cancelDial = dial(
      { upstream: owner.upstream, alarm: context.alarm, timeoutMs: context.dialTimeoutMs },
      {
        connected: (leg) => this.#relay(leg),
        failed: (code, message) => {
          this.#record('dial-failed', { code, message });
          this.#refuse();
        },
      },
    );
  }

  get alarm(): Alarm {
    return this.#context.alarm;
  }

  /** What the API tells of it. */
  describe(): object {
    const bytes = Object.values(this.#pipes ?? {}).map((pipe) => {
      const { direction } = pipe;
      const over = { sent: this.#sent.has(direction), received: this.#received.has(direction) };
      return [direction, describePipe(pipe, over)];
    });
    return {
      ...describePeers({ client: this.#client, upstream: this.#upstream }, this.#owner),
      state: this.#state(),
      openedAt: this.#openedAt.toISOString(),
      bytes: Object.fromEntries(bytes),
      acted: [...this.#toxics.acted],
    };
  }

  /** The toxics put on this connection alone. */
  toxics(direction: Direction): readonly Toxic[] {
    return this.#toxics.own(direction);
  }

  /** Makes the toxics of this connection alone those. */
  setToxics(direction: Direction, toxics: readonly Toxic[]): void {
    this.#toxics.setOwn(direction, toxics);
    this.applyToxics();
  }

  /** Makes the stages those that the proxy's toxics, and its own, ask for on this connection. */
  applyToxics(): void {
    for (const pipe of Object.values(this.#pipes ?? {})) {
      pipe.apply(this.#toxics.wanted(pipe.direction, this.#owner.toxics(pipe.direction)));
    }
  }

  /** Ends the connection because its proxy stops: both sockets are closed. */
  close(): void {
    this.#finish(() => {
      this.#client.close();
      this.#upstream?.close();
    });
  }

  draw(toxic: Toxic, offset: number): number {
    return this.#toxics.draw(toxic, 'jitter', offset);
  }

  read({ direction, readOffset }: Pipe, bytes: number): void {
    this.#owner.count(direction, 'read', bytes);
    this.#record('read', { direction, offset: readOffset, bytes });
  }

  wrote(
    { direction }: Pipe,
    { offset, bytes, atUs }: { readonly offset: number; readonly bytes: number; readonly atUs: number },
  ): void {
    this.#owner.count(direction, 'wrote', bytes);
    this.#record('wrote', { direction, offset, bytes }, atUs);
  }

  senderEnded({ direction, readOffset }: Pipe, kind: 'fin' | 'rst'): void {
    this.#record(kind === 'fin' ? 'fin-read' : 'rst-read', { direction, offset: readOffset });
    this.#sent.add(direction);
    this.#endIfComplete();
  }

  bit({ direction }: Pipe, toxic: Toxic, bite: Bite): void {
    if (bite.effect !== 'missed') this.#toxics.acted.add(toxic.name);
    this.#record('effect', { toxic: toxic.name, type: toxic.kind.type, direction, ...bite });
  }

  arrived(pipe: Pipe, end: End): void {
    if (this.#over) return;
    if (end.kind === 'rst') this.#passReset(pipe, end);
    else if (end.kind === 'close') this.#passClose(pipe, end);
    else this.#passFin(pipe, end);
  }

  legClosed(): void {
    if (this.#client.socket.destroyed && this.#upstream?.socket.destroyed) this.#finish(() => undefined);
  }

  #state(): 'dialing' | 'open' | 'half-closed' {
    if (this.#pipes === undefined) return 'dialing';
    return this.#sent.size + this.#received.size === 0 ? 'open' : 'half-closed';
  }

  #relay(upstream: Leg): void {
    this.#upstream = upstream;
    this.#record('dialed', { localPort: upstream.socket.localPort ?? 0 });
    const client = this.#client;
    this.#pipes = {
      upstream: new Pipe('upstream', { source: client, sink: upstream }, this),
      downstream: new Pipe('downstream', { source: upstream, sink: client }, this),
    };
    this.applyToxics();
    // A toxic may have ended the connection before it began.
    for (const pipe of Object.values(this.#pipes)) if (!this.#over) pipe.source.start(pipe);
  }

  #refuse(): void {
    this.#finish(() => {
      if (this.#context.refused === 'end') {
        this.#record('fin-wrote', { direction: 'downstream', offset: 0 });
        this.#client.close();
        return;
      }
      this.#record('rst-wrote', { direction: 'downstream', offset: 0 });
      this.#client.reset();
    });
  }

  #passFin({ direction, sink, wroteOffset: offset }: Pipe, end: End): void {
    if (!sink.dead && !this.#received.has(direction)) {
      sink.finish();
      this.#record('fin-wrote', { direction, offset });
    }
    if (!sink.dead) end.delivered?.(undefined);
    this.#received.add(direction);
    this.#endIfComplete();
  }

  /**
   * Ends both directions: FIN to the receiver, then both sockets are closed. What the kernel has it delivers after that,
   * too, unless bytes of the receiver's own lie unread then: so its acknowledgement is waited for, a moment.
   */
  #passClose(pipe: Pipe, end: End): void {
    this.#passFin(pipe, end);
    this.#context.kernel.whenAcknowledged(pipe.sink, { pending: () => pipe.pending }, () => this.close());
  }

  /** Both senders have ended and both receivers were told: nothing can follow. */
  #endIfComplete(): void {
    if (this.#sent.size === 2 && this.#received.size === 2) this.#whenFinished(() => this.close());
  }

  /** Resets the receiver once its kernel has the bytes before; a reset made by a toxic meets the sender too. */
  #passReset(pipe: Pipe, end: End): void {
    const { direction, sink, source } = pipe;
    if (sink.dead) {
      this.#finish(() => source.reset());
      return;
    }
    this.#context.kernel.whenAcknowledged(sink, { pending: () => pipe.pending, patienceMs: end.patienceMs }, (left) =>
      this.#finish(() => {
        const { wroteOffset: offset, pending } = pipe;
        this.#record('rst-wrote', { direction, offset });
        sink.reset();
        if (end.delivered !== undefined && !source.dead) {
          const back = reverse(direction);
          this.#record('rst-wrote', { direction: back, offset: this.#pipes?.[back].wroteOffset ?? 0 });
        }
        source.reset();
        end.delivered?.(acknowledgedDetail(left, offset + pending));
      }),
    );
  }

  /** Waits until both sockets have handed their FIN to the kernel. */
  #whenFinished(then: () => void): void {
    const legs = [this.#client, this.#upstream].filter((leg) => leg !== undefined);
    const open = legs.filter(({ socket }) => !socket.destroyed && !socket.writableFinished);
    if (open.length === 0) then();
    else for (const { socket } of open) socket.once('finish', () => this.#whenFinished(then));
  }

  #finish(how: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelDial();
    how();
    for (const pipe of Object.values(this.#pipes ?? {})) pipe.discard();
    this.#record('closed', {});
    this.#closed = true;
    this.#owner.closed(this);
  }

  #record<Kind extends EventKind>(kind: Kind, facts: EventFacts[Kind], at?: number): void {
    if (this.#closed) return;
    this.#context.journal.record(this.#source, kind, facts, at);
  }
}
