/**
 * One direction of a relayed connection: from the sender's leg, through the stages, to the receiver's.
 *
 * Owns the order of the stages, back-pressure (the sender is not read while too much waits or a toxic says so) and the
 * offsets of what was read. What an end means for the whole connection is `connection.ts`.
 */
import type { Bite, Place } from './stage.ts';
import { Stage } from './stage.ts';
import { nowMs } from '../clock.ts';
import type { Direction, End, Item } from '../stream/item.ts';
import { memoryIsShort } from '../stream/item-queue.ts';
import type { Slab } from '../stream/slab.ts';
import { LEAST_WINDOW_BYTES, type Toxic } from '../toxics/kind.ts';
import type { Leg, Reader } from './leg.ts';
import { Outflow } from './outflow.ts';

/**
 * This part of the widest toxic's window may wait for the receiver. What came in a burst leaves a delay in one, more than
 * a socket takes at once; not to read meanwhile makes the next burst, and costs throughput.
 */
const BURST_SHARE = 4;

/** What a pipe needs of its connection. */
export interface PipeOwner {
  readonly alarm: Place['alarm'];
  draw(toxic: Toxic, offset: number): number;
  read(pipe: Pipe, bytes: number): void;
  wrote(pipe: Pipe, place: { readonly offset: number; readonly bytes: number; readonly atUs: number }): void;
  /** The sender ended (`fin`) or broke (`rst`). */
  senderEnded(pipe: Pipe, kind: 'fin' | 'rst', error?: NodeJS.ErrnoException): void;
  /** An end has come through: a FIN after all bytes before it, other ends while some may be `pending`. */
  arrived(pipe: Pipe, end: End): void;
  bit(pipe: Pipe, toxic: Toxic, bite: Bite): void;
  legClosed(): void;
}

export class Pipe implements Reader {
  readonly direction: Direction;
  readonly source: Leg;
  readonly sink: Leg;
  readonly #owner: PipeOwner;
  readonly #outflow: Outflow;
  #stages: Stage[] = [];
  #reading = true;
  #discarded = false;
  /** Bytes read from the sender. */
  readOffset = 0;

  constructor(direction: Direction, legs: { readonly source: Leg; readonly sink: Leg }, owner: PipeOwner) {
    this.direction = direction;
    this.source = legs.source;
    this.sink = legs.sink;
    this.#owner = owner;
    this.#outflow = new Outflow(legs.sink, {
      wrote: (offset, bytes, atUs) => owner.wrote(this, { offset, bytes, atUs }),
      ended: (end) => owner.arrived(this, end),
      drained: () => this.#regulate(),
    });
  }

  /** Bytes handed to the receiver's kernel. */
  get wroteOffset(): number {
    return this.#outflow.offset;
  }

  /** Bytes that have come through and that the receiver's kernel has not taken. */
  get pending(): number {
    return this.#outflow.pending;
  }

  /** Bytes that wait here, in whatever toxic's hands or for the receiver. */
  get held(): number {
    return this.#stages.reduce((bytes, stage) => bytes + stage.queued, this.pending);
  }

  /**
   * Makes the stages those of `wanted`, in that order. Stages that stay keep what they hold, those that go pass on what
   * they hold, as their type says; attributes may have changed. Any of them may end the connection: then no more is made.
   */
  apply(wanted: readonly Toxic[]): void {
    for (const stage of this.#stages.filter(({ toxic }) => !wanted.includes(toxic))) {
      stage.lift();
      this.#stages = this.#stages.filter((other) => other !== stage);
    }
    if (this.#discarded) return;
    for (const [index, toxic] of wanted.entries()) {
      if (this.#stages[index]?.toxic !== toxic)
        this.#stages = this.#stages.toSpliced(index, 0, this.#stage(toxic, index));
    }
    // Later stages first, so that what an earlier one lets go meets the others as they are now.
    for (const stage of this.#stages.toReversed()) stage.reconsider();
    this.#regulate();
  }

  bytes(bytes: Uint8Array, slab: Slab | undefined): boolean {
    this.#owner.read(this, bytes.byteLength);
    this.readOffset += bytes.byteLength;
    this.#deliver(0, { kind: 'bytes', bytes, atMs: nowMs(), slab });
    this.#reading = this.#mayRead();
    return this.#reading;
  }

  end(): void {
    this.#owner.senderEnded(this, 'fin');
    this.#deliver(0, { kind: 'fin', atMs: nowMs(), delivered: undefined });
  }

  broken(error: NodeJS.ErrnoException): void {
    this.#owner.senderEnded(this, 'rst', error);
    this.#deliver(0, { kind: 'rst', atMs: nowMs(), delivered: undefined });
  }

  closed(): void {
    this.#owner.legClosed();
  }

  /** The connection is over: nothing more goes anywhere. */
  discard(): void {
    this.#discarded = true;
    for (const stage of this.#stages) stage.discard();
    this.#stages = [];
    this.#outflow.discard();
  }

  #deliver(index: number, item: Item): void {
    const stage = this.#stages[index];
    if (stage === undefined) this.#outflow.put(item);
    else stage.take(item);
  }

  #stage(toxic: Toxic, index: number): Stage {
    const stage: Stage = new Stage(toxic, {
      alarm: this.#owner.alarm,
      offset: this.#stages[index]?.taken ?? this.#outflow.taken,
      draw: (offset) => this.#owner.draw(toxic, offset),
      pass: (item) => this.#deliver(this.#stages.indexOf(stage) + 1, item),
      tell: (bite) => this.#owner.bit(this, toxic, bite),
      changed: () => this.#regulate(),
    });
    return stage;
  }

  /**
   * What toxics keep and what waits for the receiver have limits of their own: a wide window is for a delay, and must not
   * become a buffer for a receiver that is slow. What a delay lets go at once may wait a moment.
   */
  #mayRead(): boolean {
    let window = LEAST_WINDOW_BYTES;
    let kept = 0;
    for (const stage of this.#stages) {
      if (stage.stops) return false;
      window = Math.max(window, stage.windowBytes);
      kept += stage.cost;
    }
    if (memoryIsShort()) window = LEAST_WINDOW_BYTES;
    return kept < window && this.#outflow.cost < Math.max(LEAST_WINDOW_BYTES, window / BURST_SHARE);
  }

  #regulate(): void {
    const mayRead = this.#mayRead();
    if (mayRead === this.#reading) return;
    this.#reading = mayRead;
    if (mayRead) this.source.resume();
    else this.source.pause();
  }
}
