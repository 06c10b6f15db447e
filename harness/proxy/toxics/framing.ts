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

/** Byte `byte` (from 0) of the header or the payload of message `message` (from 0). */
export interface MessagePlace {
  readonly framing: Framing;
  readonly message: number;
  readonly part: 'header' | 'payload';
  readonly byte: number;
  /** Length of a message in framing `fixed`. */
  readonly messageBytes: number;
}

/** Follows a stream from its first byte and says at which offset a place in it is, once that is known. */
export class MessageFinder {
  readonly #framing: Framing;
  readonly #fixedBytes: number;
  #sought: MessagePlace;
  /** Where the message of that place begins. */
  #begins: number | undefined;
  #header: number[] = [];
  /** Payload bytes left of the current message; undefined while its header is read, or its end is sought. */
  #left: number | undefined;
  /** True inside a message that ends at a delimiter. */
  #inside = false;
  #number = 0;
  #offset = 0;

  constructor(sought: MessagePlace) {
    this.#framing = sought.framing;
    this.#fixedBytes = sought.messageBytes;
    this.#sought = sought;
    if (this.#framing === 'fixed') this.#left = this.#fixedBytes;
    this.#look();
  }

  /** Bytes followed so far. */
  get followed(): number {
    return this.#offset;
  }

  /** The offset of the place, or undefined when the stream has not come to its message. */
  get place(): number | undefined {
    if (this.#begins === undefined) return undefined;
    const { part, byte } = this.#sought;
    return this.#begins + (part === 'payload' ? HEADER_BYTES[this.#framing] : 0) + byte;
  }

  /** Looks for another place from here on; false, and nothing is changed, when its message has begun and is another one. */
  seek(sought: MessagePlace): boolean {
    const { framing, messageBytes, message } = sought;
    if (framing !== this.#framing || messageBytes !== this.#fixedBytes) return false;
    if (message === this.#sought.message) {
      this.#sought = sought;
      return true;
    }
    if (message < this.#number || (message === this.#number && !this.#atStart())) return false;
    this.#sought = sought;
    this.#begins = undefined;
    this.#look();
    return true;
  }

  /** Follows more bytes, up to the place. */
  follow(bytes: Uint8Array): void {
    let index = 0;
    while (index < bytes.length) {
      const most = (this.place ?? Infinity) - this.#offset;
      if (most <= 0) return;
      const step = this.#step(bytes, index, Math.min(bytes.length, index + most));
      index += step;
      this.#offset += step;
      this.#look();
    }
  }

  #look(): void {
    if (this.#begins === undefined && this.#number === this.#sought.message && this.#atStart())
      this.#begins = this.#offset;
  }

  #atStart(): boolean {
    if (this.#framing === 'fixed') return this.#left === this.#fixedBytes;
    return this.#header.length === 0 && this.#left === undefined && !this.#inside;
  }

  /** Follows one part of what lies between `index` and `end`, and says how long it was. */
  #step(bytes: Uint8Array, index: number, end: number): number {
    if (this.#framing === 'delimited') return this.#seekDelimiter(bytes, index, end);
    if (this.#left === undefined) {
      this.#header.push(bytes[index] ?? 0);
      if (this.#header.length === HEADER_BYTES[this.#framing]) this.#beginPayload(this.#payloadBytes());
      return 1;
    }
    const taken = Math.min(this.#left, end - index);
    this.#left -= taken;
    if (this.#left === 0) this.#next();
    return taken;
  }

  #seekDelimiter(bytes: Uint8Array, index: number, end: number): number {
    const found = bytes.indexOf(LF, index);
    this.#inside = found < 0 || found >= end;
    if (this.#inside) return end - index;
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
