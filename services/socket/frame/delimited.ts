/**
 * Messages that end with a delimiter which they do not contain.
 *
 * (HOWTO, "Using a Socket": "or be delimited (shrug)"; "receiving in some arbitrary chunk size, and scanning what
 * you've received for a delimiter".)
 */
import { checkBytes, checkLimit, FrameError, type Decoder, type Ending } from './decoder.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Where `wanted` begins in `bytes` at or after `from`, or -1. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first] = wanted;
  if (first === undefined) return -1;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Decodes messages that a delimiter ends. */
export class DelimitedDecoder implements Decoder {
  readonly #delimiter: Uint8Array;
  readonly #maxBytes: number;
  readonly #unread = new UnreadBytes();
  /** Unread bytes in which no delimiter begins: they are not scanned again. */
  #scanned = 0;

  /** `delimiter` has at least one byte; `maxBytes` is the longest payload that is accepted. */
  constructor(delimiter: Uint8Array, maxBytes: number) {
    checkBytes(delimiter);
    if (delimiter.length === 0) throw new FrameError('local', 'malformed', 'the delimiter is empty');
    this.#delimiter = delimiter;
    checkLimit(maxBytes);
    this.#maxBytes = maxBytes;
  }

  get pendingBytes(): number {
    return this.#unread.length;
  }

  push(chunk: Uint8Array): void {
    this.#unread.push(chunk);
  }

  next(): Uint8Array | 'need-more' {
    const { length } = this.#unread;
    const at = indexOf(this.#unread.view(0, length), this.#delimiter, this.#scanned);
    // Without a delimiter the payload is at least what lies before a delimiter that may just have begun.
    const payloadBytes = at === -1 ? length - this.#delimiter.length + 1 : at;
    if (payloadBytes > this.#maxBytes) {
      // Nothing is taken: every later call comes to the same end.
      const what = `no delimiter in ${this.#maxBytes} bytes, which is all that a message may have`;
      throw new FrameError('remote', 'too-large', what);
    }
    if (at === -1) {
      this.#scanned = Math.max(0, payloadBytes);
      return 'need-more';
    }
    this.#scanned = 0;
    const payload = this.#unread.take(at);
    this.#unread.skip(this.#delimiter.length);
    return payload;
  }

  end(): Ending {
    const { length } = this.#unread;
    const unread = this.#unread.view(0, length);
    let whole = 0;
    for (let at = indexOf(unread, this.#delimiter, this.#scanned); at !== -1;) {
      whole = at + this.#delimiter.length;
      at = indexOf(unread, this.#delimiter, whole);
    }
    if (whole === length) return { kind: 'clean' };
    return { kind: 'truncated', receivedBytes: length - whole, expectedBytes: undefined };
  }
}

/**
 * The message as it goes on the wire.
 *
 * @throws FrameError `malformed`: the delimiter would appear before the end
 */
export function encodeDelimited(delimiter: Uint8Array, payload: Uint8Array): Uint8Array {
  checkBytes(delimiter);
  checkBytes(payload);
  const wire = new Uint8Array(payload.length + delimiter.length);
  wire.set(payload);
  wire.set(delimiter, payload.length);
  if (indexOf(wire, delimiter, 0) !== payload.length) {
    throw new FrameError('local', 'malformed', 'the payload contains the delimiter');
  }
  return wire;
}
