/**
 * What every framing has in common: a decoder takes bytes as they come and gives messages when they are whole.
 *
 * Owns the words for it. No framing knows of sockets, timers or promises: "need more" is an answer, not a wait.
 */

/** How a stream ended, seen from the framing. Both are values: which of them is an error is the program's to say. */
export type Ending =
  | { readonly kind: 'clean' }
  | {
      readonly kind: 'truncated';
      /** Bytes of the last message that came, its header included. */
      readonly receivedBytes: number;
      /** Bytes that it would have had, where that was known. */
      readonly expectedBytes: number | undefined;
    };

/** Turns a stream of bytes into messages of type `M`. */
export interface Decoder<M = Uint8Array> {
  /** Bytes received that are not part of a message given out yet. */
  readonly pendingBytes: number;
  /** Adds what was received. The decoder keeps a reference: the memory must not change afterwards. */
  push(chunk: Uint8Array): void;
  /**
   * The next whole message, or that more bytes are needed.
   *
   * @throws FrameError what the peer sent is no message; every later call throws the same
   */
  next(): M | 'need-more';
  /**
   * The peer has ended its writing. Messages that are whole and not given out yet are no part of the answer: `next` gives
   * them afterwards, and the one that the end completes, where it does.
   */
  end(): Ending;
}

/** Throws unless a program gave bytes: a text has none until it is encoded. */
export function checkBytes(given: unknown): void {
  if (!(given instanceof Uint8Array)) throw new FrameError('local', 'malformed', 'only a Uint8Array has bytes');
}

/** Throws unless a limit is a number of bytes. */
export function checkLimit(maxBytes: unknown): void {
  if (Number.isSafeInteger(maxBytes) && Number(maxBytes) >= 0) return;
  throw new FrameError('local', 'malformed', `a limit is an integer from 0, not ${String(maxBytes)}`);
}

/** Bytes that are no message, or a message that cannot be written. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: 'too-large' | 'malformed';
  /** `remote`: the peer broke the protocol. `local`: this program asked for what the framing cannot carry. */
  readonly brokenBy: 'remote' | 'local';

  constructor(brokenBy: 'remote' | 'local', code: 'too-large' | 'malformed', message: string) {
    super(message);
    this.brokenBy = brokenBy;
    this.code = code;
  }
}
