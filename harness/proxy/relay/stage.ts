/**
 * One toxic at its place in one direction of one connection.
 *
 * Owns the queue in front of the toxic, the alarm for the next step and the telling of effects. The toxic's `decide`
 * says what to do; this does it.
 */
import type { Alarm, Cancel } from '../alarm.ts';
import { nowMs } from '../clock.ts';
import type { Bytes, EndKind, Item } from '../stream/item.ts';
import { ItemQueue } from '../stream/item-queue.ts';
import type { Decide, Step, Toxic, View } from '../toxics/kind.ts';

/** So many steps in one turn of the event loop, then others have theirs: what waits can be a hundred thousand pieces. */
const STEPS_AT_ONCE = 100;

/** What was done to the stream, without who did it. */
export interface Bite {
  readonly effect: string;
  readonly offset: number;
  readonly bytes?: number;
  readonly delayMs?: number;
  readonly detail?: string;
}

/** Where a stage stands: what it is given when it is put into a pipe. */
export interface Place {
  readonly alarm: Alarm;
  /** Bytes that had passed this place before. */
  readonly offset: number;
  readonly draw: (offset: number) => number;
  /** Takes what the stage lets go. */
  readonly pass: (item: Item) => void;
  readonly tell: (bite: Bite) => void;
  /** Called when the stage holds less, or begins or ceases to stop the reading. */
  readonly changed: () => void;
}

export class Stage implements View {
  readonly toxic: Toxic;
  readonly #place: Place;
  readonly #queue = new ItemQueue();
  readonly #decide: Decide;
  #cancel: Cancel | undefined;
  #wakesAtMs = Infinity;
  /** True while the rest of the steps waits for the next turn. */
  #resting = false;
  #told = -1;
  #dropped = false;
  #heldUpTo = -1;
  #discarded = false;
  offset: number;
  previousMs = -Infinity;
  leftMs = -Infinity;
  nowMs = 0;
  cut = false;
  /** True while the sender must not be read. */
  stops = false;

  constructor(toxic: Toxic, place: Place) {
    this.toxic = toxic;
    this.#place = place;
    this.offset = place.offset;
    this.#decide = toxic.kind.start({
      attributes: () => toxic.attributes,
      startedMs: nowMs(),
      startedAt: place.offset,
      draw: place.draw,
      missed: (detail) => place.tell({ effect: 'missed', offset: this.offset, detail }),
    });
  }

  get head(): Item | undefined {
    return this.#queue.head;
  }

  get queued(): number {
    return this.#queue.bytes;
  }

  get ending(): boolean {
    const last = this.#queue.last;
    return last !== undefined && last.kind !== 'bytes';
  }

  /** What waits here weighs this much in memory. */
  get cost(): number {
    return this.#queue.cost;
  }

  /** Bytes that have arrived here since the connection began. */
  get taken(): number {
    return this.offset + this.#queue.bytes;
  }

  get windowBytes(): number {
    return this.toxic.kind.windowBytes(this.toxic.attributes);
  }

  take(item: Item): void {
    this.#queue.push(item);
    if (!this.#resting) this.reconsider();
  }

  /** Decides again: something arrived, a moment came, or the attributes changed. */
  reconsider(): void {
    if (this.#discarded) return;
    const before = { stops: this.stops, cost: this.#queue.cost };
    this.stops = false;
    this.nowMs = nowMs();
    this.#wakeAt(this.#steps());
    if (before.stops !== this.stops || this.#queue.cost < before.cost) this.#place.changed();
  }

  /** @returns when to go on: at once, when there were many steps to do */
  #steps(): number {
    this.#resting = false;
    for (let done = 0; done < STEPS_AT_ONCE; done += 1) {
      const step = this.#decide(this);
      if (step === undefined) return Infinity;
      const atMs = this.#do(step, this.nowMs);
      if (atMs !== undefined) return atMs;
    }
    this.#resting = true;
    return nowMs();
  }

  /** The toxic was taken away: everything goes on in order, then perhaps an end, as the toxic's type wants it. */
  lift(): void {
    this.#cancel?.();
    const { offset, queued: bytes } = this;
    const onLift = this.toxic.kind.onLift({ dropped: this.#dropped });
    if (this.#told >= 0 && (bytes > 0 || this.stops || this.ending)) {
      this.#place.tell({ effect: 'released', offset, bytes });
    }
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      if (onLift === 'release') this.#place.pass(item);
    }
    if (onLift !== 'release') this.#end(onLift, onLift === 'rst' ? 'reset' : 'ended', { why: 'the toxic was removed' });
  }

  /** The connection is over. */
  discard(): void {
    this.#discarded = true;
    this.#cancel?.();
    this.#queue.clear();
  }

  /** Most arrivals change nothing about the next moment: the alarm is left alone then. */
  #wakeAt(atMs: number): void {
    // The step before may have ended the connection, which must not stay until this toxic's time.
    if (atMs === this.#wakesAtMs || this.#discarded) return;
    this.#cancel?.();
    this.#wakesAtMs = atMs;
    this.#cancel = atMs === Infinity ? undefined : this.#place.alarm.at(atMs, () => this.#wake());
  }

  #wake(): void {
    this.#wakesAtMs = Infinity;
    this.#cancel = undefined;
    this.reconsider();
  }

  /** @returns when to decide again: undefined at once, Infinity when something has changed */
  #do(step: Step, now: number): number | undefined {
    if (step.do === 'keep') {
      this.#keep(step);
      return Infinity;
    }
    if (step.do === 'drop') {
      this.#drop(step.bytes, step.effect);
      return undefined;
    }
    if (step.atMs > now) {
      if (step.do === 'pass') this.#hold(step, now);
      return step.atMs;
    }
    if (step.do === 'end') {
      this.cut = true;
      this.#end(step.end, step.effect, { patienceMs: step.patienceMs });
    } else this.#pass(step, now);
    return undefined;
  }

  #hold({ holding, bytes, atMs }: Extract<Step, { do: 'pass' }>, now: number): void {
    // Once for each time that bytes find nobody waiting here: those behind them wait because these do.
    if (holding === undefined || this.offset < this.#heldUpTo || this.head?.kind !== 'bytes') return;
    this.#heldUpTo = this.taken;
    this.#place.tell({ effect: holding, offset: this.offset, bytes, delayMs: Math.round((atMs - now) * 1000) / 1000 });
  }

  #keep({ stop = false, effect }: Extract<Step, { do: 'keep' }>): void {
    this.stops = stop;
    const from = Math.max(this.#told, this.offset);
    const isNews = this.#told < 0 ? stop || this.head !== undefined : this.taken > this.#told;
    if (effect === undefined || !isNews) return;
    this.#told = this.taken;
    this.#place.tell({ effect, offset: from, bytes: this.taken - from });
  }

  #drop(bytes: number, effect: string): void {
    const { offset, head } = this;
    this.#dropped = true;
    const item = this.#take(bytes);
    if (item?.kind === 'bytes') item.slab?.release();
    if (head?.kind === 'bytes') this.#place.tell({ effect, offset, bytes });
    else this.#place.tell({ effect, offset, detail: head?.kind ?? '' });
  }

  #pass(step: Extract<Step, { do: 'pass' }>, now: number): void {
    const { offset } = this;
    const dueMs = this.head?.atMs ?? now;
    const bit = this.#bites(step);
    const item = this.#take(step.bytes);
    if (item === undefined) return;
    this.previousMs = step.atMs;
    if (step.effect !== undefined && bit) {
      const delayMs = Math.round((now - dueMs) * 1000) / 1000;
      const bite = { effect: step.effect, offset, delayMs };
      if (item.kind === 'bytes')
        this.#place.tell({ ...bite, bytes: step.bytes, ...(step.xor && { detail: `xor ${step.xor}` }) });
      else this.#place.tell({ ...bite, detail: item.kind });
    }
    const atMs = Math.max(item.atMs, step.atMs);
    if (item.kind !== 'bytes' || step.xor === undefined) this.#place.pass({ ...item, atMs });
    else {
      this.#place.pass({ ...item, atMs, bytes: flipped(item.bytes, step.xor), slab: undefined });
      item.slab?.release();
    }
    this.leftMs = nowMs();
  }

  /** Whether the piece differs from what had come, where its effect says that it must. */
  #bites({ where, bytes }: Extract<Step, { do: 'pass' }>): boolean {
    if (where === undefined || this.head?.kind !== 'bytes') return true;
    const came = this.head.bytes.byteLength;
    return where === 'split' ? bytes < came : bytes > came;
  }

  #end(
    end: EndKind,
    effect: string,
    { why, patienceMs }: { readonly why?: string; readonly patienceMs?: number | undefined },
  ): void {
    const { offset } = this;
    const delivered = (detail: string | undefined) => {
      const said = [why, detail].filter((one) => one !== undefined).join('; ');
      this.#place.tell({ effect, offset, ...(said !== '' && { detail: said }) });
    };
    const lost = (bytes: number) => {
      this.#place.tell({ effect: 'swallowed', offset: this.offset, bytes, detail: 'the stream has ended' });
      this.offset += bytes;
    };
    this.#place.pass({ kind: end, atMs: nowMs(), delivered, lost, patienceMs });
  }

  /** Takes `bytes` off the queue as one item (0: the end at its head), joining or splitting as needed. */
  #take(bytes: number): Item | undefined {
    const head = this.#queue.head;
    if (head === undefined) return undefined;
    if (head.kind !== 'bytes') return this.#queue.shift();
    this.offset += bytes;
    if (bytes < head.bytes.byteLength) return this.#queue.split(bytes);
    if (bytes === head.bytes.byteLength) return this.#queue.shift();
    return this.#join(bytes, head.atMs);
  }

  #join(bytes: number, atMs: number): Bytes {
    const joined = Buffer.allocUnsafe(bytes);
    for (let filled = 0; filled < bytes;) {
      const head = this.#queue.head;
      if (head?.kind !== 'bytes') break;
      const wanted = bytes - filled;
      const part = wanted < head.bytes.byteLength ? this.#queue.split(wanted) : this.#queue.shift();
      if (part?.kind !== 'bytes') break;
      joined.set(part.bytes, filled);
      filled += part.bytes.byteLength;
      part.slab?.release();
    }
    return { kind: 'bytes', bytes: joined, atMs, slab: undefined };
  }
}

const flipped = (bytes: Uint8Array, xor: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[0] = (copy[0] ?? 0) ^ xor;
  return copy;
};
