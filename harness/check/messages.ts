/**
 * Whether a transcript tells of the messages that are due on a connection, byte for byte by their digests.
 *
 * Owns the comparison and its words; pure.
 */
import { sha256 } from '../contract/payload.ts';
import type { Role } from '../contract/words.ts';
import type { Miss } from './clause.ts';
import { PARTS } from './exchange.ts';
import type { Exchange, Message } from './exchange.ts';
import { allOf, onConnection } from './transcript.ts';
import type { Transcript } from './transcript.ts';

/** A message in words: its size and enough of its digest to tell it from others. */
export function described({ payload, type }: Message, exchange: Exchange): string {
  const typed = exchange.framing === 'typed' ? `of type ${type}, ` : '';
  return `a message ${typed}of ${payload.length} bytes, SHA-256 ${sha256(payload).slice(0, 12)}…`;
}

/** One of a subject's connections, told by the port that both sides know. */
export interface Place {
  readonly conn: number;
  /** The number that keys its payloads. */
  readonly key: number;
}

/** What is wrong with a clean connection as its events tell it, if anything. */
export function messagesMiss(transcript: Transcript, role: Role, exchange: Exchange, place: Place): Miss | null {
  const part = PARTS[role][exchange.workload];
  const told = onConnection(transcript, place.conn);
  const failed = told.map(({ event }) => event).find((event) => event.event === 'failed');
  if (failed !== undefined) {
    return {
      expected: `no "failed" on connection ${place.conn}: nothing was done to it`,
      actual: `it printed "failed", op ${failed.op}, code ${failed.code}: ${failed.message}`,
    };
  }
  const sends = dueOf('sending', exchange, exchange.messagesOf(part.sends, place.key));
  const receives = dueOf('received', exchange, exchange.messagesOf(part.receives, place.key));
  const miss = listMiss(transcript, place.conn, sends) ?? listMiss(transcript, place.conn, receives);
  const missing = part.marks.find((mark) => !told.some(({ event }) => event.event === mark));
  if (miss !== null || missing === undefined) return miss;
  const names = told.map(({ event }) => event.event).join(', ');
  return { expected: `the event "${missing}" on connection ${place.conn}`, actual: `it printed ${names} there` };
}

/** The events that are due, in order. */
interface Due {
  readonly name: 'sending' | 'received';
  readonly messages: readonly { readonly bytes: number; readonly sha256: string; readonly words: string }[];
}

function dueOf(name: Due['name'], exchange: Exchange, messages: readonly Message[]): Due {
  return {
    name,
    messages: messages.map((message) => ({
      bytes: message.payload.length,
      sha256: sha256(message.payload),
      words: described(message, exchange),
    })),
  };
}

function listMiss(transcript: Transcript, conn: number, { name, messages }: Due): Miss | null {
  const told = allOf(transcript, name).flatMap(({ event }) => (event.conn === conn ? [event] : []));
  for (const [seq, due] of messages.entries()) {
    const event = told[seq];
    const expected = `"${name}" of ${due.words} as seq ${seq} on connection ${conn}`;
    if (event === undefined) return { expected, actual: `it printed ${told.length} "${name}" there` };
    if (event.seq !== seq) return { expected, actual: `it said seq ${event.seq}` };
    if (event.bytes !== due.bytes) return { expected, actual: `it said ${event.bytes} bytes` };
    if (event.sha256 !== due.sha256) return { expected, actual: `it said SHA-256 ${event.sha256.slice(0, 12)}…` };
  }
  if (told.length === messages.length) return null;
  return { expected: `${messages.length} times "${name}" on connection ${conn}`, actual: `it printed ${told.length}` };
}
