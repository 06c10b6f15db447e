/**
 * A time line as bytes: column by column, each number as its difference from what the mark before it suggests, so that
 * 100,000 marks compress to well under a mebibyte.
 *
 * Layout: a JSON header (bands, moments, axes and texts), then one column after the other, every number a variable-length integer.
 * No Node and no DOM: the page decodes what the report encodes.
 */
import type { Axes } from './axis.ts';
import type { Band } from './bands.ts';
import type { Moment } from './moments.ts';
import { KINDS, LANES, WAY_NAMES } from './mark.ts';
import type { Mark } from './mark.ts';

/** What is stored of one attempt. */
export interface StoredTimeline {
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  readonly moments: readonly Moment[];
  readonly axes: Axes;
}

interface Header {
  readonly count: number;
  readonly bands: readonly Band[];
  readonly moments: readonly Moment[];
  readonly axes: Axes;
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

  /** The next so many whole numbers without a sign. */
  column(length: number): Float64Array {
    const values = new Float64Array(length);
    for (let index = 0; index < length; index += 1) values[index] = this.unsigned();
    return values;
  }

  take(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/**
 * What marks that are alike, of one kind, lane and direction, had last: numbers are stored as what they add to it.
 */
class LastOfSort {
  readonly #values = new Float64Array(KINDS.length * SORTS_OF_KIND);

  at(sort: number): number {
    return this.#values[sort] ?? 0;
  }

  keep(sort: number, value: number): void {
    this.#values[sort] = value;
  }
}

const SORTS_OF_KIND = LANES.length * WAY_NAMES.length;

function sortOf(kind: number, lane: number, way: number): number {
  return (kind * LANES.length + lane) * WAY_NAMES.length + way;
}

/** The numbers of a mark that are stored as differences, in the order of their columns, before that of the offsets. */
const COUNTED = ['conn', 'seq', 'bytes'] as const;

export function encodeTimeline({ marks, bands, moments, axes }: StoredTimeline): Uint8Array<ArrayBuffer> {
  const texts = new Map<string, number>([['', 0]]);
  for (const { text } of marks) if (!texts.has(text)) texts.set(text, texts.size);
  const header: Header = { count: marks.length, bands, moments, axes, texts: [...texts.keys()] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const writer = new Writer();
  writer.unsigned(json.length);
  writer.append(json);
  let atMicros = 0;
  for (const { atMs } of marks) {
    const micros = Math.round(atMs * MICROS);
    writer.signed(micros - atMicros);
    atMicros = micros;
  }
  for (const { kind } of marks) writer.unsigned(kind);
  for (const { lane, way } of marks) writer.unsigned(lane * PLACE + way);
  for (const name of COUNTED) {
    const last = new LastOfSort();
    for (const mark of marks) {
      const sort = sortOf(mark.kind, mark.lane, mark.way);
      writer.signed(mark[name] - last.at(sort));
      last.keep(sort, mark[name]);
    }
  }
  const next = new LastOfSort();
  for (const { kind, lane, way, offset, bytes } of marks) {
    const sort = sortOf(kind, lane, way);
    writer.signed(offset - next.at(sort));
    next.keep(sort, nextOffset(offset, bytes));
  }
  for (const { text } of marks) writer.unsigned(texts.get(text) ?? 0);
  return writer.taken();
}

/** Lane and direction share a column. */
const PLACE = 4;

/** @param bytes as {@link encodeTimeline} wrote them */
export function decodeTimeline(bytes: Uint8Array): StoredTimeline {
  const reader = new Reader(bytes);
  const { count, bands, moments, axes, texts } = JSON.parse(
    new TextDecoder().decode(reader.take(reader.unsigned())),
  ) as Header;
  const times = timesFrom(reader, count);
  const kinds = reader.column(count);
  const places = reader.column(count);
  const sorts = kinds.map((kind, index) => {
    const place = places[index] ?? 0;
    return sortOf(kind, Math.floor(place / PLACE), place % PLACE);
  });
  const [conns, seqs, sizes] = COUNTED.map(() => countsFrom(reader, sorts));
  const offsets = offsetsFrom(reader, sorts, sizes ?? sorts);
  const marks: Mark[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = places[index] ?? 0;
    marks.push({
      atMs: times[index] ?? 0,
      lane: Math.floor(place / PLACE),
      kind: kinds[index] ?? 0,
      way: place % PLACE,
      conn: conns?.[index] ?? 0,
      seq: seqs?.[index] ?? 0,
      bytes: sizes?.[index] ?? 0,
      offset: offsets[index] ?? 0,
      text: texts[reader.unsigned()] ?? '',
    });
  }
  return { marks, bands, moments, axes };
}

function timesFrom(reader: Reader, count: number): Float64Array {
  let micros = 0;
  return new Float64Array(count).map(() => (micros += reader.signed()) / MICROS);
}

function countsFrom(reader: Reader, sorts: Float64Array): Float64Array {
  const last = new LastOfSort();
  return sorts.map((sort) => {
    const value = last.at(sort) + reader.signed();
    last.keep(sort, value);
    return value;
  });
}

function offsetsFrom(reader: Reader, sorts: Float64Array, sizes: Float64Array): Float64Array {
  const next = new LastOfSort();
  return sorts.map((sort, index) => {
    const offset = next.at(sort) + reader.signed();
    next.keep(sort, nextOffset(offset, sizes[index] ?? 0));
    return offset;
  });
}

/** Where the next mark's bytes begin if they follow these. */
function nextOffset(offset: number, bytes: number): number {
  return offset + Math.max(0, bytes);
}
