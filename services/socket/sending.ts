/**
 * The sending half of a socket: how much is taken, when the kernel has it, and the end of writing.
 *
 * Owns `send`, `sendAll` and `shutdown('write')`, and the bound on what waits in user space: one chunk. It works
 * beside the receiving half without knowing it.
 */
import { CHUNK_BYTES } from './kernel-stream.ts';
import type { Link } from './link.ts';
import type { FailureDetails, Operation } from './socket-error.ts';
import { nextTurn } from './turns.ts';
import { checkBounds, type Bounds } from './wait.ts';

/** A write of it does nothing but bring out a reset that came after the peer's end: a receive is told of the end alone. */
const NOTHING = new Uint8Array(0);

/** After so much was taken without a wait, others have a turn: a fast receiver would otherwise keep this loop for itself. */
const COST_PER_TURN = 16 * CHUNK_BYTES;

/** What a call costs beside its bytes, in bytes: about the time that the kernel needs for the call. */
const COST_PER_CALL = 4096;

/**
 * Where `send` copies to, while nobody's bytes wait there: one for all sockets of a thread. The kernel mostly takes them at
 * once, and a copy made for each call would grow the process by what the collector has not seen to.
 */
let spare: Uint8Array | undefined;

/** The sending half of one connection. */
export class Sending {
  readonly #link: Link;
  #busy = false;
  /** The bytes of the last `sendAll` lie in its caller's memory, and not all of them are known to have left it. */
  #borrowing = false;
  #ended: Promise<void> | undefined;
  /** Calls of `shutdown` that wait until the kernel has what was sent before them. */
  #endsWaiting = 0;
  #costSinceTurn = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  /** A send would not wait: there is room, or an error. */
  get ready(): boolean {
    const link = this.#link;
    if (link.connecting) return false;
    return this.#saidLast || link.gone || link.broken !== undefined || link.stream.writableLength === 0;
  }

  /** This side has said that it sends no more, whether the peer can know yet or not. */
  get #saidLast(): boolean {
    return this.#ended !== undefined || this.#endsWaiting > 0;
  }

  /** Settles when an end of writing that has begun is through: the kernel cannot reset a connection meanwhile. */
  get ending(): Promise<void> {
    return this.#ended ?? Promise.resolve();
  }

  /** What waits for the kernel is memory of a caller whose `sendAll` has failed: it may hold anything by now. */
  get borrows(): boolean {
    return this.#borrowing && this.#link.stream.writableLength > 0;
  }

  async send(data: Uint8Array, bounds: Bounds): Promise<number> {
    this.#claim(data);
    try {
      if (data.length === 0) return this.#sendNothing(bounds);
      if (!this.#flushed('send', bounds)) await this.#becomesFlushed('send', bounds);
      const taken = Math.min(data.length, CHUNK_BYTES);
      this.#writeCopy(data.subarray(0, taken));
      if (this.#costSinceTurn > COST_PER_TURN) await this.#giveWay();
      return taken;
    } finally {
      this.#busy = false;
    }
  }

  async sendAll(data: Uint8Array, bounds: Bounds): Promise<void> {
    this.#claim(data);
    try {
      if (!this.#flushed('send', bounds)) await this.#becomesFlushed('send', bounds);
      this.#borrowing = true;
      for (let taken = 0; taken < data.length;) {
        const chunk = data.subarray(taken, taken + CHUNK_BYTES);
        this.#write(chunk, taken);
        if (this.#costSinceTurn > COST_PER_TURN) await this.#giveWay();
        if (!this.#flushed('send', bounds, taken, chunk.length)) {
          await this.#becomesFlushed('send', bounds, taken, chunk.length);
        }
        taken += chunk.length;
      }
      this.#borrowing = false;
    } finally {
      this.#busy = false;
    }
  }

  /** What a send in non-blocking mode does first. */
  glance(data: Uint8Array): void {
    if (this.#busy || this.#link.closedHere || this.ready) return;
    if (data?.length === 0 && !this.#link.connecting) return;
    throw this.#link.error('send', 'would-block', 'the kernel takes nothing now', { bytesTaken: 0 });
  }

  async shutdown(bounds: Bounds): Promise<void> {
    const link = this.#link;
    if (this.#ended === undefined) await this.#beginEnd(bounds);
    await this.#ended;
    if (link.broken !== undefined) throw link.brokenError('shutdown', link.broken);
  }

  /** Lets the kernel take what was written and ends the writing, on a socket that is being closed. */
  async finish(bounds: Bounds): Promise<void> {
    const link = this.#link;
    const details = (): FailureDetails => ({ peer: link.peer });
    while (link.stream.writableLength > 0 && this.#canEnd) await link.writers.next('close', bounds, details);
    if (this.#canEnd && this.#ended === undefined) link.stream.write(NOTHING);
    if (this.#canEnd) await (this.#ended ??= this.#end());
  }

  /** A stream that was reset meanwhile is destroyed before it is gone, and would never say that it has ended. */
  get #canEnd(): boolean {
    return this.#link.broken === undefined && !this.#link.stream.destroyed;
  }

  /** Needs no room, and so no wait. */
  #sendNothing(bounds: Bounds): 0 {
    if (this.#flushed('send', bounds)) this.#write(NOTHING, 0);
    return 0;
  }

  /**
   * Whether the kernel has taken everything that was written. Of this call it has `taken` bytes for sure, and some of the
   * `written` ones behind them.
   */
  #flushed(op: Operation, bounds: Bounds, taken = 0, written = 0): boolean {
    this.#checkOpen(op, taken);
    checkBounds(op, bounds, this.#details(taken, written));
    return this.#link.stream.writableLength === 0;
  }

  async #becomesFlushed(op: Operation, bounds: Bounds, taken = 0, written = 0): Promise<void> {
    do {
      this.#costSinceTurn = 0;
      await this.#link.writers.next(op, bounds, () => this.#details(taken, written));
    } while (!this.#flushed(op, bounds, taken, written));
  }

  /** What the kernel does not take now leaves later, when the caller's memory may hold something else. */
  #writeCopy(data: Uint8Array): void {
    const memory = spare ?? new Uint8Array(CHUNK_BYTES);
    spare = undefined;
    memory.set(data);
    this.#write(memory.subarray(0, data.length), 0);
    // Else it belongs to the stream until the kernel has it.
    if (this.#link.stream.writableLength === 0) spare = memory;
  }

  #write(chunk: Uint8Array, taken: number): void {
    this.#costSinceTurn += chunk.length + COST_PER_CALL;
    this.#link.stream.write(chunk);
    // The kernel answers at once when it has room, and when the connection is broken.
    this.#checkOpen('send', taken);
  }

  async #giveWay(): Promise<void> {
    this.#costSinceTurn = 0;
    await nextTurn();
  }

  #details(taken: number, written: number): FailureDetails {
    const { peer, stream } = this.#link;
    return { peer, bytesTaken: written === 0 ? taken : taken + Math.max(0, written - stream.queuedBytes) };
  }

  /** A chunk that failed half-way counts as not taken: what became of it is not known. */
  #checkOpen(op: Operation, taken: number): void {
    const link = this.#link;
    const details = { bytesTaken: taken };
    link.checkOpen(op, details);
    if (link.broken !== undefined) throw link.brokenError(op, link.broken, details);
    if (link.gone) throw link.error(op, 'broken-pipe', 'the connection has ended both ways', details);
  }

  #claim(data: Uint8Array): void {
    const link = this.#link;
    if (!(data instanceof Uint8Array)) throw link.error('send', 'invalid', 'only a Uint8Array can be sent');
    if (this.#busy) throw link.error('send', 'busy', 'another send is still waiting on this socket');
    if (this.#saidLast && !link.closedHere) {
      throw link.error('send', 'broken-pipe', 'this side has shut down its writing');
    }
    this.#busy = true;
  }

  /** No send may come behind it while it waits; where a bound ends the wait, sends go on as before. */
  async #beginEnd(bounds: Bounds): Promise<void> {
    const link = this.#link;
    if (this.#busy) throw link.error('shutdown', 'busy', 'a send is still waiting on this socket');
    this.#endsWaiting += 1;
    try {
      if (!this.#flushed('shutdown', bounds)) {
        // A send would not wait any more: it is refused.
        link.writers.wake();
        await this.#becomesFlushed('shutdown', bounds);
      }
      this.#ended ??= this.#end();
    } finally {
      this.#endsWaiting -= 1;
    }
  }

  async #end(): Promise<void> {
    const ended = Promise.withResolvers<void>();
    // Called with an error as well: that one is told by the link.
    this.#link.stream.end(() => ended.resolve());
    await ended.promise;
  }
}
