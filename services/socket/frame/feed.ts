/**
 * For tests: gives a decoder the same bytes in every way in which TCP may cut them.
 *
 * Owns the ways; what must come out is the test's.
 */
import type { Decoder, Ending } from './decoder.ts';

/** What came out of a decoder. */
export interface Outcome<M> {
  readonly messages: readonly M[];
  readonly ending: Ending;
}

/** Pushes each chunk, takes every message that is whole after it, and ends the stream. */
export function decodeChunks<M>(decoder: Decoder<M>, chunks: Iterable<Uint8Array>): Outcome<M> {
  const messages: M[] = [];
  const takeAll = (): void => {
    for (let message = decoder.next(); message !== 'need-more'; message = decoder.next()) messages.push(message);
  };
  for (const chunk of chunks) {
    decoder.push(chunk);
    takeAll();
  }
  const ending = decoder.end();
  takeAll();
  return { messages, ending };
}

/** The same bytes whole, byte by byte, and cut in two at every place: each with the way's name. */
export function* everyWay(wire: Uint8Array): Generator<[way: string, chunks: Uint8Array[]]> {
  yield ['whole', [wire]];
  yield ['byte by byte', Array.from(wire, (byte) => Uint8Array.of(byte))];
  for (let at = 1; at < wire.length; at += 1) {
    yield [`cut before byte ${at}`, [wire.subarray(0, at), wire.subarray(at)]];
  }
}
