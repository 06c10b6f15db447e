/**
 * A time line as bytes: column by column, each number as its difference from what the mark before it suggests, so that
 * 100,000 marks compress to well under a mebibyte.
 *
 * Layout: a JSON header (bands and texts), then one column after the other, every number a variable-length integer.
 * No Node and no DOM: the page decodes what the report encodes.
 */
import type { Band } from './bands.ts';
import type { Mark } from './mark.ts';

/** What is stored of one attempt. */
export interface StoredTimeline {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
}

interface Header {
  readonly count: number;
  readonly bands: readonly Band[];
  readonly texts: readonly string[];
}

/** Times are stored in microseconds. */
const MICROS = 1000;

/** Grows as it is written to. */
class Writer {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** A whole number of either sign, up to 2^52. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#byte(rest);
  }

  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#byte(byte);
  }

  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  unsigned(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }

  take(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const NOTHING_BEFORE = { conn: 0, seq: 0, bytes: 0, offset: 0 } as const;

/** The marks that came before, by what makes them alike: kind, lane and direction. */
class Predecessors {
  readonly #last = new Map<number, Mark>();

  /** A mark whose numbers are what they add to those of the mark before it of the same sort. */
  difference(mark: Mark): Mark {
    const last = this.#before(mark);
    this.#keep(mark);
    const { conn, seq, bytes, offset } = mark;
    return {
      ...mark,
      conn: conn - last.conn,
      seq: seq - last.seq,
      bytes: bytes - last.bytes,
      offset: offset - nextOffset(last),
    };
  }

  /** The inverse of {@link difference}. */
  complete(step: Mark): Mark {
    const last = this.#before(step);
    const { conn, seq, bytes, offset } = step;
    const mark = {
      ...step,
      conn: conn + last.conn,
      seq: seq + last.seq,
      bytes: bytes + last.bytes,
      offset: offset + nextOffset(last),
    };
    this.#keep(mark);
    return mark;
  }

  #before(mark: Mark): Pick<Mark, 'conn' | 'seq' | 'bytes' | 'offset'> {
    return this.#last.get(sortOf(mark)) ?? NOTHING_BEFORE;
  }

  #keep(mark: Mark): void {
    this.#last.set(sortOf(mark), mark);
  }
}

function sortOf({ kind, lane, way }: Mark): number {
  return (kind * 8 + lane) * 4 + way;
}

export function encodeTimeline({ marks, bands }: StoredTimeline): Uint8Array<ArrayBuffer> {
  const texts = new Map<string, number>([['', 0]]);
  for (const { text } of marks) if (!texts.has(text)) texts.set(text, texts.size);
  const header: Header = { count: marks.length, bands, texts: [...texts.keys()] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const writer = new Writer();
  writer.unsigned(json.length);
  writer.append(json);
  const predecessors = new Predecessors();
  const steps = marks.map((mark) => predecessors.difference(mark));
  let atMicros = 0;
  for (const { atMs } of marks) {
    const micros = Math.round(atMs * MICROS);
    writer.signed(micros - atMicros);
    atMicros = micros;
  }
  for (const { kind } of steps) writer.unsigned(kind);
  for (const { lane, way } of steps) writer.unsigned(lane * 4 + way);
  for (const { conn } of steps) writer.signed(conn);
  for (const { seq } of steps) writer.signed(seq);
  for (const { bytes } of steps) writer.signed(bytes);
  for (const { offset } of steps) writer.signed(offset);
  for (const { text } of steps) writer.unsigned(texts.get(text) ?? 0);
  return writer.taken();
}

/** @param bytes as {@link encodeTimeline} wrote them */
export function decodeTimeline(bytes: Uint8Array): StoredTimeline {
  const reader = new Reader(bytes);
  const header = JSON.parse(new TextDecoder().decode(reader.take(reader.unsigned()))) as Header;
  const column = (read: () => number): Float64Array => Float64Array.from({ length: header.count }, read);
  const times = column(() => reader.signed());
  const kinds = column(() => reader.unsigned());
  const places = column(() => reader.unsigned());
  const conns = column(() => reader.signed());
  const seqs = column(() => reader.signed());
  const sizes = column(() => reader.signed());
  const offsets = column(() => reader.signed());
  const texts = column(() => reader.unsigned());
  const predecessors = new Predecessors();
  const marks: Mark[] = [];
  let micros = 0;
  for (let index = 0; index < header.count; index += 1) {
    const at = (values: Float64Array): number => values[index] ?? 0;
    micros += at(times);
    const place = at(places);
    const step = { conn: at(conns), seq: at(seqs), bytes: at(sizes), offset: at(offsets) };
    const text = header.texts[at(texts)] ?? '';
    const bare = { atMs: micros / MICROS, kind: at(kinds), lane: Math.floor(place / 4), way: place % 4, text, ...step };
    marks.push(predecessors.complete(bare));
  }
  return { marks, bands: header.bands };
}

/** Where a mark's bytes begin if they follow those of the mark before. */
function nextOffset({ offset, bytes }: Pick<Mark, 'offset' | 'bytes'>): number {
  return offset + Math.max(0, bytes);
}
