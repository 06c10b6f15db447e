/**
 * What the end of a direction can bring about in its receiver, by how the proxy handed it on.
 *
 * Owns the telling apart of a FIN and a reset. Where it is not known what reached the side, anything that a peer that is
 * gone can cause is allowed.
 */
import type { Attempt, Place } from './attempt.ts';
import { END, END_OF_FRAMED, merged, PEER_GONE, RESET, WRITTEN_AFTER_END } from './causes.ts';
import type { Effects } from './causes.ts';
import { reaches } from './last-hop.ts';
import type { WireConnection } from './wire-connection.ts';
import { towards } from './wire-connection.ts';

export function effectsOfEnd(attempt: Attempt, { side, connection }: Place): Effects {
  const { wire } = connection;
  if (wire === null || !attempt.wireTold || !reaches(attempt.plan, side.role)) return PEER_GONE;
  const { end, resetMs } = wire[towards(side.role)];
  // Once told, a reset is told as one: CONTRACT, Output. A FIN before it may have been read first.
  if (end?.by === 'reset') return RESET;
  const ended = attempt.ledger.shape.framing === 'until-end' ? END : END_OF_FRAMED;
  if (resetMs !== null || !endedInOrder(wire)) return merged(RESET, ended);
  return merged(ended, WRITTEN_AFTER_END);
}

/**
 * Whether both senders ended and both receivers were told: no kernel had a cause to reset. A proxy that closes before may
 * leave bytes unread, and its kernel resets for these without a word of it.
 */
function endedInOrder({ upstream, downstream }: WireConnection): boolean {
  return [upstream, downstream].every(
    ({ end, resetMs, sendersEnd }) => end?.by === 'fin' && resetMs === null && sendersEnd?.by === 'fin',
  );
}
