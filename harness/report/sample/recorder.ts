/**
 * Test only: a clock that runs by small, repeatable steps, and the evidence that is written down on the way.
 */
import type { SubjectEvent } from '../../contract/event.ts';
import type { Role } from '../../contract/words.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import type { WireEvent } from '../../evidence/wire-event.ts';

/** A union's members without some of their keys. */
type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** Where the attempt's zero lies on CLOCK_MONOTONIC. */
const ORIGIN_MICROS = 5_000_000_000;

/** A small, fixed sequence of numbers between 0 and 1. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export class Recorder {
  readonly records: EvidenceRecord[] = [{ kind: 'origin', atMs: 0, monotonicMicros: ORIGIN_MICROS }];
  readonly wire: WireEvent[] = [];
  readonly #random: () => number;
  /** Now, in milliseconds since the attempt began. */
  atMs = 4;

  constructor(seed: number) {
    this.#random = sequence(seed);
  }

  /** Lets some time pass: about the time a packet takes on loopback, or between the bounds given. */
  step(leastMs = 0.02, mostMs = 0.09): void {
    this.atMs += leastMs + this.#random() * (mostMs - leastMs);
  }

  /** A subject's event, which reaches the harness a little later. */
  say(role: Role, event: Without<SubjectEvent, 'at'>): void {
    const stamped = { ...event, at: Math.round(this.atMs * 1000) + ORIGIN_MICROS };
    this.records.push({ kind: 'event', atMs: this.atMs + 0.2 + this.#random() * 0.3, role, event: stamped });
  }

  /** An event of the proxy. */
  tell(event: Without<WireEvent, 'seq' | 'atMs'>): void {
    this.wire.push({ ...event, seq: this.wire.length, atMs: this.atMs });
  }

  /** What the harness itself saw. */
  note(record: Without<EvidenceRecord, 'atMs'>): void {
    this.records.push({ ...record, atMs: this.atMs });
  }
}
