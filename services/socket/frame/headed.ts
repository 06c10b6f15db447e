/**
 * Messages that begin with a header of fixed size which says how long the rest is.
 *
 * Owns the two loops of the HOWTO, "the first to determine the length, the second to get the data", as one state. What a
 * header looks like is a value that `length-prefix.ts`, `ascii5.ts`, `typed.ts` and `fixed.ts` bring.
 */
import { checkLimit, FrameError, type Decoder, type Ending } from './decoder.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** How to read one kind of header. */
export interface Header<M> {
  readonly bytes: number;
  /**
   * The length of the payload that this header announces.
   *
   * @throws FrameError the bytes are no header
   */
  readonly payloadBytes: (header: Uint8Array) => number;
  readonly message: (header: Uint8Array, payload: Uint8Array) => M;
}

/** Decodes messages that a header of fixed size announces. */
export class HeadedDecoder<M> implements Decoder<M> {
  readonly #header: Header<M>;
  readonly #maxBytes: number;
  readonly #unread = new UnreadBytes();
  /** Length of the message whose header has come, header included. */
  #expectedBytes: number | undefined;

  /** `maxBytes` is the longest payload that is accepted; a longer one is refused when it is announced. */
  constructor(header: Header<M>, maxBytes: number) {
    checkLimit(header.bytes);
    this.#header = header;
    checkLimit(maxBytes);
    this.#maxBytes = maxBytes;
  }

  get pendingBytes(): number {
    return this.#unread.length;
  }

  push(chunk: Uint8Array): void {
    this.#unread.push(chunk);
  }

  next(): M | 'need-more' {
    const expected = (this.#expectedBytes ??= this.#announced(0));
    if (expected === undefined || this.#unread.length < expected) return 'need-more';
    this.#expectedBytes = undefined;
    const header = this.#unread.take(this.#header.bytes);
    const payload = this.#unread.take(expected - this.#header.bytes);
    return this.#header.message(header, payload);
  }

  end(): Ending {
    let whole = 0;
    let expectedBytes = this.#expectedBytes ?? this.#announcedIfAny(0);
    while (expectedBytes !== undefined && whole + expectedBytes <= this.#unread.length) {
      whole += expectedBytes;
      expectedBytes = this.#announcedIfAny(whole);
    }
    const receivedBytes = this.#unread.length - whole;
    if (receivedBytes === 0) return { kind: 'clean' };
    return { kind: 'truncated', receivedBytes, expectedBytes };
  }

  /** What is no header announces nothing; `next` tells of it. */
  #announcedIfAny(from: number): number | undefined {
    try {
      return this.#announced(from);
    } catch {
      return undefined;
    }
  }

  /** The length of the message that begins at `from`, header included, once its header has come. */
  #announced(from: number): number | undefined {
    const header = this.#header;
    if (this.#unread.length - from < header.bytes) return undefined;
    const payloadBytes = header.payloadBytes(this.#unread.view(from, from + header.bytes));
    const expected = header.bytes + payloadBytes;
    if (!(payloadBytes >= 0 && expected > 0 && Number.isSafeInteger(expected))) {
      throw new FrameError('local', 'malformed', `a message has a whole number of bytes, not ${expected}`);
    }
    if (payloadBytes <= this.#maxBytes) return expected;
    // The header stays unread: every later call comes to the same end.
    throw new FrameError(
      'remote',
      'too-large',
      `the peer announced a message of ${payloadBytes} bytes: at most ${this.#maxBytes} are accepted`,
    );
  }
}
