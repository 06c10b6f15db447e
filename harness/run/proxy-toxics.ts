/**
 * The toxics a proxy can be asked for, with their attributes: Toxiproxy's own, and those of the wire proxy alone.
 *
 * Owns the types of the request; the proxy checks the values. Offsets are bytes from the start of a connection in the
 * toxic's direction.
 */

/** Which connections of a proxy, numbered from 1; wire proxy only. */
export type ConnectionSelector =
  | { readonly order: readonly number[] }
  | { readonly modulo: readonly [modulus: number, remainder: number] }
  | { readonly clientPort: number };

/** A toxic of the wire proxy: all of them take a choice of connections. */
interface OfWire<Type extends string, Attributes> {
  readonly type: Type;
  readonly attributes: Attributes & { readonly connections?: ConnectionSelector };
}

/** Toxiproxy's toxics. The wire proxy has them too, and there they take `connections` as well. */
export type ToxiproxyToxic =
  /** Milliseconds. */
  | OfWire<'latency', { readonly latency: number; readonly jitter?: number }>
  /** Kilobytes (1000 bytes) a second; 0 stalls without loss. */
  | OfWire<'bandwidth', { readonly rate: number }>
  /** Milliseconds. */
  | OfWire<'slow_close', { readonly delay: number }>
  /** Milliseconds; 0: never closes. */
  | OfWire<'timeout', { readonly timeout: number }>
  /** Bytes, bytes, microseconds. */
  | OfWire<'slicer', { readonly average_size: number; readonly size_variation?: number; readonly delay?: number }>
  | OfWire<'limit_data', { readonly bytes: number }>
  /** Milliseconds. */
  | OfWire<'reset_peer', { readonly timeout: number }>
  | OfWire<'noop', object>;

export type WireToxic =
  /** Exactly one of `sizes`, `every` and `offsets`; `gap` in milliseconds. */
  | OfWire<
      'fragment',
      {
        readonly sizes?: readonly number[];
        readonly every?: number;
        readonly offsets?: readonly number[];
        readonly gap?: number;
      }
    >
  /** `wait` in milliseconds. */
  | OfWire<'coalesce', { readonly bytes: number; readonly wait: number }>
  | OfWire<'reset', { readonly bytes: number }>
  | OfWire<'fin', { readonly bytes: number }>
  | OfWire<'hold', { readonly bytes: number }>
  | OfWire<'swallow', { readonly bytes: number }>
  | OfWire<'stall', { readonly bytes: number }>
  | OfWire<'corrupt', { readonly offset: number; readonly xor: number }>;

export type AnyToxic = ToxiproxyToxic | WireToxic;

/** A toxic to put on a proxy. */
export type ToxicRequest = AnyToxic & {
  readonly name: string;
  readonly stream: 'upstream' | 'downstream';
  /** Share of connections, 0 to 1; default 1. */
  readonly toxicity?: number;
};

/** A toxic as the proxy tells it back. */
export interface ToxicState {
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
  readonly attributes: unknown;
}
