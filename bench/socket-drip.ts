/**
 * What a framing makes of bytes that come one by one: the cost of one of them in a message of 1 MiB beside that in one of
 * 128 KiB. A decoder that goes over what it has with each chunk would take eight times as long a byte.
 */
import { encodeAscii5, ascii5Decoder, LONGEST_ASCII5_BYTES } from '../services/socket/frame/ascii5.ts';
import type { Decoder } from '../services/socket/frame/decoder.ts';
import { DelimitedDecoder, encodeDelimited } from '../services/socket/frame/delimited.ts';
import { encodeFixed, fixedDecoder } from '../services/socket/frame/fixed.ts';
import { encodePrefix32, prefix32Decoder } from '../services/socket/frame/prefix32.ts';
import { encodeTyped, typedDecoder } from '../services/socket/frame/typed.ts';
import { UntilEndDecoder } from '../services/socket/frame/until-end.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';
import { atMost } from './socket-scale.ts';

const MIB = 2 ** 20;
const ROUNDS = 7;
const CRLF = Uint8Array.of(13, 10);

/** A message of so many bytes on the wire, and who decodes it. */
type Drip = (bytes: number) => { readonly decoder: Decoder<unknown>; readonly wire: Uint8Array };

const DRIPS: Readonly<Record<string, Drip>> = {
  fixed: (bytes) => ({ decoder: fixedDecoder(bytes), wire: encodeFixed(bytes, new Uint8Array(bytes)) }),
  'delimited, delimiter of 2 bytes': (bytes) => ({
    decoder: new DelimitedDecoder(CRLF, bytes),
    // Every second byte might begin the delimiter.
    wire: encodeDelimited(
      CRLF,
      new Uint8Array(bytes).map((_, at) => (at % 2 === 0 ? 13 : 0)),
    ),
  }),
  prefix32: (bytes) => ({ decoder: prefix32Decoder(bytes), wire: encodePrefix32(new Uint8Array(bytes)) }),
  typed: (bytes) => {
    const lengths = new Map([[1, bytes]]);
    return {
      decoder: typedDecoder(lengths, bytes),
      wire: encodeTyped(lengths, { type: 1, payload: new Uint8Array(bytes) }),
    };
  },
  'until-end': (bytes) => ({ decoder: new UntilEndDecoder(bytes), wire: new Uint8Array(bytes) }),
};

/** The longest message that five digits can announce, and one of an eighth of it. */
const ASCII5: Drip = (bytes) => ({ decoder: ascii5Decoder(bytes), wire: encodeAscii5(new Uint8Array(bytes)) });

function decodeSingly(decoder: Decoder<unknown>, wire: Uint8Array): void {
  let messages = 0;
  const takeAll = (): void => {
    while (decoder.next() !== 'need-more') messages += 1;
  };
  for (let at = 0; at < wire.length; at += 1) {
    decoder.push(wire.subarray(at, at + 1));
    takeAll();
  }
  decoder.end();
  takeAll();
  if (messages !== 1) throw new Error(`${messages} messages were decoded, of one`);
}

/** Milliseconds for each byte: the median. */
function perByteMs(drip: Drip, bytes: number): number {
  const took = Array.from({ length: ROUNDS }, () => {
    const { decoder, wire } = drip(bytes);
    const from = performance.now();
    decodeSingly(decoder, wire);
    return performance.now() - from;
  });
  return quantile(took, 0.5) / bytes;
}

function row(framing: string, drip: Drip, [long, short]: readonly [number, number]): Row {
  const ratio = perByteMs(drip, long) / perByteMs(drip, short);
  const lengths = `${Math.round(long / 1024)} KiB message to ${Math.round(short / 1024)} KiB message`;
  return atMost(`${framing}, time of a byte that comes alone: ${lengths}`, ratio, [2, 'ratio']);
}

/** Every framing, in turn. */
export function dripRows(): Row[] {
  return [
    ...Object.entries(DRIPS).map(([framing, drip]) => row(framing, drip, [MIB, MIB / 8])),
    row('ascii5', ASCII5, [LONGEST_ASCII5_BYTES, Math.floor(LONGEST_ASCII5_BYTES / 8)]),
  ];
}
