/**
 * The bytes that subjects exchange, as the contract defines them: each message names its connection and its place.
 */
import { hash } from 'node:crypto';
import { TYPE_LENGTHS, typeOf, type Message } from './framing.ts';
import type { Content, Params } from './params.ts';

const DIGEST_BYTES = 32;

/** `payload(key, seq)` of the contract, `bytes` long. */
export function payload(content: Content, bytes: number, key: string, seq: number): Uint8Array {
  if (content === 'zeros') return new Uint8Array(bytes);
  const encoding = content === 'text' ? 'ascii' : 'hex';
  const digestBytes = content === 'text' ? 2 * DIGEST_BYTES : DIGEST_BYTES;
  const blocks: Buffer[] = [];
  for (let block = 0; block * digestBytes < bytes; block += 1) {
    blocks.push(Buffer.from(hash('sha256', `${key}:${seq}:${block}`), encoding));
  }
  return Buffer.concat(blocks, blocks.length * digestBytes).subarray(0, bytes);
}

/** Message `seq` of the side that `key` names. */
export function messageOf(params: Params, key: string, seq: number): Message {
  if (params.framing !== 'typed') return { payload: payload(params.content, params.messageBytes, key, seq) };
  const type = typeOf(seq);
  return { type, payload: payload(params.content, TYPE_LENGTHS.get(type) ?? 0, key, seq) };
}

/** The echo of a message: every byte complemented. */
export function echoOf(message: Uint8Array): Uint8Array {
  return message.map((byte) => byte ^ 0xff);
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
