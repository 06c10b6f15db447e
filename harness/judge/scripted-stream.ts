/**
 * Integrity where the other side is the scripted peer: what a side received is a prefix of the messages that the peer
 * told it sent.
 *
 * Owns that comparison. Bytes of the script that are no message never are one, whatever they look like.
 */
import type { Place } from './attempt.ts';
import { broken } from './finding.ts';
import type { Finding } from './finding.ts';
import { inBytes, inMs, named } from './wording.ts';

/** The first message that the side received and the peer did not send there. */
export function unlikeScript({ side, connection }: Place): Finding[] {
  const peer = side.role === 'client' ? connection.server : connection.client;
  if (peer === null) return [];
  const index = side.received.findIndex(({ event }, place) => peer.sending[place]?.event.sha256 !== event.sha256);
  const told = side.received[index];
  if (told === undefined) return [];
  const sent = peer.sending[index]?.event;
  return [
    broken({
      expected: `${named(side)} receives ${sent === undefined ? 'no message' : `a message of ${inBytes(sent.bytes)}`}, as number ${index}: the peer sent no other`,
      actual: `at ${inMs(told.atMs)} it received ${inBytes(told.event.bytes)}`,
      atMs: told.atMs,
    }),
  ];
}
