/**
 * Messages as bytes, in every framing of the contract, for the harness's own peers.
 *
 * Owns encoding and the reading of what a subject sent; it shares no code with any subject.
 */
import { HEADER_BYTES } from '../../contract/framing.ts';
import { payloadBytes } from '../../contract/payload.ts';
import type { Framing } from '../../contract/words.ts';
import { Missed } from '../clause.ts';
import type { Exchange, Message } from '../exchange.ts';
import type { PeerSocket } from './peer-socket.ts';

const LF = 0x0a;
/** A message of framing `prefix32` whose length is 0. */
export const HEARTBEAT: Buffer = Buffer.alloc(HEADER_BYTES.prefix32);

const ENCODINGS: Readonly<Record<Framing, (message: Message) => Buffer>> = {
  fixed: ({ payload }) => payload,
  delimited: ({ payload }) => Buffer.concat([payload, Buffer.from([LF])]),
  prefix32: ({ payload }) => Buffer.concat([prefix32(payload.length), payload]),
  ascii5: ({ payload }) => Buffer.concat([Buffer.from(String(payload.length).padStart(5, '0'), 'ascii'), payload]),
  typed: ({ payload, type }) => Buffer.concat([Buffer.from([type]), payload]),
  'until-end': ({ payload }) => payload,
};

/** A message as it goes on the wire. In `until-end` the end of the stream, which ends it, is the caller's. */
export function encode(framing: Framing, message: Message): Buffer {
  return ENCODINGS[framing](message);
}

/** The header of a message of so many bytes. */
export function prefix32(length: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES.prefix32);
  header.writeUInt32BE(length);
  return header;
}

type Reader = (peer: PeerSocket, exchange: Exchange, what: string) => Promise<Message>;

const READERS: Readonly<Record<Framing, Reader>> = {
  fixed: async (peer, { params }, what) => untyped(await peer.take(params.messageBytes, what)),
  delimited: async (peer, _exchange, what) => untyped(await peer.takeUntil(LF, what)),
  prefix32: async (peer, _exchange, what) => untyped(await readPrefixed(peer, what)),
  ascii5: async (peer, _exchange, what) => untyped(await readAscii(peer, what)),
  typed: readTyped,
  'until-end': async (peer, _exchange, what) => untyped(await peer.takeToEnd(what)),
};

/**
 * Reads one whole message that a subject sent. Heartbeats before it are passed over.
 *
 * @param what it is, for the words of a miss
 * @throws {Missed} when it does not come, or its header is none
 */
export function readMessage(peer: PeerSocket, exchange: Exchange, what: string): Promise<Message> {
  return READERS[exchange.framing](peer, exchange, what);
}

function untyped(payload: Buffer): Message {
  return { payload, type: 0 };
}

async function readPrefixed(peer: PeerSocket, what: string): Promise<Buffer> {
  for (;;) {
    const length = (await peer.take(HEADER_BYTES.prefix32, `the length of ${what}`)).readUInt32BE();
    if (length > 0) return peer.take(length, what);
  }
}

async function readAscii(peer: PeerSocket, what: string): Promise<Buffer> {
  const header = (await peer.take(HEADER_BYTES.ascii5, `the length of ${what}`)).toString('latin1');
  if (!/^\d{5}$/.test(header)) throw new Missed(`five ASCII digits before ${what}`, `"${header}" came`);
  return peer.take(Number(header), what);
}

async function readTyped(peer: PeerSocket, exchange: Exchange, what: string): Promise<Message> {
  const type = (await peer.take(HEADER_BYTES.typed, `the type of ${what}`))[0] ?? 0;
  if (type < 1 || type > 3) throw new Missed(`a type from 1 to 3 before ${what}`, `${type} came`);
  const size = payloadBytes({ ...exchange.params, framing: 'typed' }, type - 1);
  return { payload: await peer.take(size, what), type };
}
