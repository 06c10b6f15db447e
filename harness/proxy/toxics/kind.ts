/**
 * What a toxic is: a type's name, its attributes, and a decision about the head of a stream.
 *
 * Owns the interface between a toxic and the stage that runs it. A toxic decides and holds no bytes, sets no timer and
 * knows no socket; `relay/stage.ts` has the queue and the alarm and does what was decided.
 */
import type { EndKind, Item } from '../stream/item.ts';
import type { Fields, Values } from './attributes.ts';
import type { Selector } from './selector.ts';

/** What a toxic sees of the stream at its place. Offsets count from the start of the connection in that direction. */
export interface View {
  /** Offset of the next byte to leave. */
  readonly offset: number;
  /** Bytes that wait here. */
  readonly queued: number;
  readonly head: Item | undefined;
  /** True when an end waits behind the bytes (or at the head). */
  readonly ending: boolean;
  /** When the previous piece was due to leave, in ms; -Infinity before the first. */
  readonly previousMs: number;
  /** When the previous piece really left, in ms; -Infinity before the first. */
  readonly leftMs: number;
  /** When this is decided, in ms. */
  readonly nowMs: number;
  /** True once this toxic has put an end of its own into the stream. */
  readonly cut: boolean;
}

/** What to do with the head of the stream. `bytes` 0 means the end that stands at the head. */
export type Step =
  /** Let `bytes` go as one piece, not before `atMs`; more than the head has are joined. */
  | {
      readonly do: 'pass';
      readonly bytes: number;
      readonly atMs: number;
      /** Told when the piece goes; with `where` only if the piece was split off what had come, or joined from several. */
      readonly effect?: string;
      readonly where?: 'split' | 'joined';
      /** Told as soon as the piece has to wait: the connection may end before it goes. */
      readonly holding?: string;
      readonly detail?: string;
      /** Flips bits of the first byte of the piece. */
      readonly xor?: number;
    }
  /** Lose `bytes`, or the end at the head. */
  | { readonly do: 'drop'; readonly bytes: number; readonly effect: string }
  /** Put an end into the stream here, not before `atMs`. */
  | {
      readonly do: 'end';
      readonly end: EndKind;
      readonly atMs: number;
      readonly effect: string;
      /** How long a reset waits, in ms, for a receiver that takes none of the bytes before it; missing: a moment. */
      readonly patienceMs?: number | undefined;
    }
  /** Keep everything until something changes; with `stop` nothing more is read from the sender. */
  | { readonly do: 'keep'; readonly effect?: string; readonly stop?: boolean };

/** Decides about the head of the stream; undefined when there is nothing to decide. */
export type Decide = (view: View) => Step | undefined;

/** One toxic at work on one direction of one connection. */
export interface Run<Attributes> {
  /** The attributes as they are now: they may change while the toxic works. */
  readonly attributes: () => Attributes;
  /** When the toxic began to work on this connection. */
  readonly startedMs: number;
  /** The offset at which it began. */
  readonly startedAt: number;
  /** A number in [0, 1) for this seed, connection, toxic and byte offset. */
  readonly draw: (offset: number) => number;
  /** Tells that the toxic does nothing on this connection, and why. */
  readonly missed: (why: string) => void;
}

/** What becomes of the stream when the toxic is taken away: all it kept goes on, or the connection ends. */
export type OnLift = 'release' | 'rst' | 'close';

export interface ToxicKind {
  readonly type: string;
  /** Name in Go's error texts. */
  readonly struct: string;
  readonly fields: Fields;
  /** Refuses attributes that do not go together: what is wrong, or undefined. */
  check(attributes: Readonly<Record<string, unknown>>): string | undefined;
  /** How many bytes may wait in one direction before reading stops. */
  windowBytes(attributes: Readonly<Record<string, unknown>>): number;
  onLift(decided: { readonly dropped: boolean }): OnLift;
  start(run: Run<Readonly<Record<string, unknown>>>): Decide;
}

interface Definition<Of extends Fields> {
  readonly type: string;
  readonly struct?: string;
  readonly fields: Of;
  readonly check?: (attributes: Values<Of>) => string | undefined;
  readonly windowBytes?: (attributes: Values<Of>) => number;
  readonly onLift?: ToxicKind['onLift'];
  readonly start: (run: Run<Values<Of>>) => Decide;
}

/** What waits in one direction before reading stops, where a toxic needs no more. */
export const LEAST_WINDOW_BYTES = 256 * 1024;

/** Builds a toxic type; inside, the attributes have their types, outside they have been checked against `fields`. */
export const toxicKind = <Of extends Fields>(definition: Definition<Of>): ToxicKind => {
  const { type, struct = type, fields, check, windowBytes, onLift = () => 'release', start } = definition;
  // `readAttributes` has made the values from these very fields; the types cannot follow that through a map of kinds.
  const typed = (attributes: Readonly<Record<string, unknown>>) => attributes as Values<Of>;
  return {
    type,
    struct,
    fields,
    onLift,
    check: (attributes) => check?.(typed(attributes)),
    windowBytes: (attributes) => windowBytes?.(typed(attributes)) ?? LEAST_WINDOW_BYTES,
    start: (run) => start({ ...run, attributes: () => typed(run.attributes()) }),
  };
};

/** A toxic as it was configured on a proxy. `attributes` is replaced whole when it is updated. */
export interface Toxic {
  readonly name: string;
  readonly kind: ToxicKind;
  /** The direction as the client wrote it, which is how it is echoed. */
  readonly stream: string;
  toxicity: number;
  attributes: Readonly<Record<string, unknown>> & { readonly connections?: Selector | undefined };
}
