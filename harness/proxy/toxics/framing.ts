/**
 * Where messages begin in a stream, for the framings that toxics can be placed by.
 *
 * Owns the counting of headers and payloads, byte by byte as they come; the contents do not matter. Pure. A heartbeat (a
 * prefix32 of length 0) is no message: it stands where the next message is due, and that message's place is there.
 */

/** How messages are delimited. All integers are unsigned and in network byte order. */
export const FRAMINGS = ['fixed', 'delimited', 'prefix32', 'ascii5', 'typed'] as const;
export type Framing = (typeof FRAMINGS)[number];

const LF = 0x0a;
const ASCII_ZERO = 0x30;

/** Bytes before the payload. */
export const HEADER_BYTES: Readonly<Record<Framing, number>> = {
  fixed: 0,
  delimited: 0,
  prefix32: 4,
  ascii5: 5,
  typed: 1,
};

/** Payload lengths of the types of `typed`. */
const TYPED_BYTES: Readonly<Record<number, number>> = { 1: 16, 2: 256, 3: 4096 };

/** Follows a stream and says at which offset message `message` (from 0) begins, once that is known. */
export class MessageFinder {
  readonly #framing: Framing;
  readonly #message: number;
  readonly #fixedBytes: number;
  #header: number[] = [];
  /** Payload bytes left of the current message; undefined while its header is read, or its end is sought. */
  #left: number | undefined;
  /** True inside a message that ends at a delimiter. */
  #inside = false;
  #number = 0;
  #offset = 0;

  constructor(framing: Framing, message: number, fixedBytes: number) {
    this.#framing = framing;
    this.#message = message;
    this.#fixedBytes = fixedBytes;
    if (framing === 'fixed') this.#left = fixedBytes;
  }

  /** Bytes followed so far. */
  get followed(): number {
    return this.#offset;
  }

  /** The offset of the message's first byte, or undefined when the stream has not come so far. */
  get begins(): number | undefined {
    return this.#number === this.#message && this.#atStart() ? this.#offset : undefined;
  }

  /** Bytes of the header, before the payload. */
  get headerBytes(): number {
    return HEADER_BYTES[this.#framing];
  }

  /** Follows more bytes, up to the beginning of the message. */
  follow(bytes: Uint8Array): void {
    let index = 0;
    while (index < bytes.length && this.begins === undefined) {
      const step = this.#step(bytes, index);
      index += step;
      this.#offset += step;
    }
  }

  #atStart(): boolean {
    if (this.#framing === 'fixed') return this.#left === this.#fixedBytes;
    return this.#header.length === 0 && this.#left === undefined && !this.#inside;
  }

  #step(bytes: Uint8Array, index: number): number {
    if (this.#framing === 'delimited') return this.#seekDelimiter(bytes, index);
    if (this.#left === undefined) {
      this.#header.push(bytes[index] ?? 0);
      if (this.#header.length === HEADER_BYTES[this.#framing]) this.#beginPayload(this.#payloadBytes());
      return 1;
    }
    const taken = Math.min(this.#left, bytes.length - index);
    this.#left -= taken;
    if (this.#left === 0) this.#next();
    return taken;
  }

  #seekDelimiter(bytes: Uint8Array, index: number): number {
    const found = bytes.indexOf(LF, index);
    this.#inside = found < 0;
    if (found < 0) return bytes.length - index;
    this.#number += 1;
    return found + 1 - index;
  }

  #beginPayload(bytes: number): void {
    this.#left = bytes;
    if (bytes === 0) this.#next();
  }

  #next(): void {
    // A heartbeat, a prefix32 of length 0, is no message.
    const isHeartbeat = this.#framing === 'prefix32' && this.#header.every((byte) => byte === 0);
    if (!isHeartbeat) this.#number += 1;
    this.#header = [];
    this.#left = this.#framing === 'fixed' ? this.#fixedBytes : undefined;
  }

  #payloadBytes(): number {
    // A header that is no number announces nothing.
    if (this.#framing === 'ascii5') {
      return Math.max(
        0,
        this.#header.reduce((sum, byte) => sum * 10 + (byte - ASCII_ZERO), 0),
      );
    }
    if (this.#framing === 'typed') return TYPED_BYTES[this.#header[0] ?? 0] ?? 0;
    return this.#header.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
