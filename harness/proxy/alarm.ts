/**
 * Wakes whoever waits for a moment: never before it, and about a millisecond after it at most on an idle machine.
 *
 * Owns the one timer of the data path. Node's timers count whole milliseconds of a clock that is read once per turn
 * of the event loop, so they may fire early or late by one. The last stretch is therefore waited in turns of the loop,
 * unless the alarm has rung just now: moments that follow closely are served together, or a busy stream would take a
 * whole processor to wait.
 */
import { nowMs } from './clock.ts';

/** The stretch before a moment that is waited by turning the event loop, in milliseconds. */
const LAST_STRETCH_MS = 0.5;

/** Node clamps longer timers to 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Entry {
  readonly atMs: number;
  wake: (() => void) | undefined;
}

/** So many cancelled appointments may wait for their time, or as many as there are others. */
const MOST_CANCELLED = 64;

/** Forgets an appointment. Harmless when it was kept already. */
export type Cancel = () => void;

export class Alarm {
  /** A binary heap by `atMs`. */
  #heap: Entry[] = [];
  /** About how many of those in the heap were cancelled. */
  #cancelled = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #armedForMs = Infinity;
  #rangMs = -Infinity;

  /** Calls `wake` once, at `atMs` of `nowMs()` or as soon after it as the machine allows. */
  at(atMs: number, wake: () => void): Cancel {
    const entry: Entry = { atMs, wake };
    this.#push(entry);
    if (atMs < this.#armedForMs) this.#arm();
    return () => {
      if (entry.wake === undefined) return;
      entry.wake = undefined;
      this.#cancelled += 1;
      if (this.#cancelled > Math.max(MOST_CANCELLED, this.#heap.length / 2)) this.#sweep();
    };
  }

  /** Appointments in memory, those that were cancelled and not swept yet included. */
  get size(): number {
    return this.#heap.length;
  }

  /** Forgets everything, so that nothing keeps the process alive. */
  stop(): void {
    this.#heap = [];
    this.#cancelled = 0;
    this.#disarm();
  }

  /** A deadline that was met must not stay in memory until it would have come. */
  #sweep(): void {
    const kept = this.#heap.filter(({ wake }) => wake !== undefined);
    // What is sorted is a heap.
    kept.sort((a, b) => a.atMs - b.atMs);
    this.#heap = kept;
    this.#cancelled = 0;
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
    this.#armedForMs = Infinity;
  }

  #arm(): void {
    this.#disarm();
    while (this.#heap[0] !== undefined && this.#heap[0].wake === undefined) this.#pop();
    const next = this.#heap[0];
    if (next === undefined) return;
    this.#armedForMs = next.atMs;
    const now = nowMs();
    const remainingMs = next.atMs - now;
    const turns = remainingMs <= 0 || (remainingMs <= LAST_STRETCH_MS && now - this.#rangMs > LAST_STRETCH_MS);
    if (turns) this.#turn = setImmediate(() => this.#ring());
    else this.#timer = setTimeout(() => this.#ring(), Math.min(Math.floor(remainingMs), LONGEST_TIMER_MS));
  }

  #ring(): void {
    this.#armedForMs = -Infinity;
    const now = nowMs();
    while (this.#heap[0] !== undefined && this.#heap[0].atMs <= now) {
      const entry = this.#pop();
      if (entry?.wake === undefined) continue;
      const { wake } = entry;
      // Kept: cancelling it now cancels nothing.
      entry.wake = undefined;
      this.#rangMs = now;
      wake();
    }
    this.#arm();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || parent.atMs <= entry.atMs) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      const right = heap[childIndex + 1];
      if (child === undefined) break;
      if (right !== undefined && right.atMs < child.atMs) {
        childIndex += 1;
        child = right;
      }
      if (child.atMs >= last.atMs) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
    return top;
  }
}
