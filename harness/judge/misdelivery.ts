/**
 * Names a wrong message: torn, lost, doubled, reordered, stale, foreign, corrupted, or bytes of no message at all.
 *
 * Owns what can be told from a length and a digest, and in which streams a fragment is looked for; how is `fragment.ts`.
 */
import { clientSeqs } from './attempt.ts';
import type { Attempt, Place } from './attempt.ts';
import { tracedIn } from './fragment.ts';
import type { DueMessage, Origin } from './ledger.ts';
import type { EventOf } from './side.ts';
import { inBytes } from './wording.ts';

/** A fragment is looked for in this many messages from the one before the due one on. */
const MOST_MESSAGES = 16;

/** And then in so many other streams of the run, if it is no longer than this: each costs as much as the own one. */
const MOST_STREAMS = 8;
const MOST_FOREIGN_BYTES = 1024;

/**
 * What became of a message that is not the one due.
 *
 * @param index its place among what the side received
 * @param due what should have come; null: nothing more
 */
export function misdelivery(attempt: Attempt, place: Place, index: number, due: DueMessage | null): string {
  const got = place.side.received[index]?.event;
  if (got === undefined) return 'nothing';
  const found = attempt.ledger.recognise(got.sha256);
  if (found !== null) return due === null ? `one too many: ${describe(found)}` : misplaced(place, index, found, due);
  if (due === null) return 'one too many: bytes of no message';
  const torn = tracedFragment(attempt, place, got, due);
  if (torn !== null) return `torn: ${torn}`;
  const foreign = foreignFragment(attempt, got, due);
  if (foreign !== null) return `foreign: ${foreign}`;
  return got.bytes === due.bytes ? 'corrupted: the right length, but bytes of no message' : 'bytes of no message';
}

/** `message 3 of connection 2, echoed`. */
export function describe({ origin, seq, form }: DueMessage): string {
  return `message ${seq} of ${whose({ origin, form })}`;
}

function whose({ origin, form }: Pick<DueMessage, 'origin' | 'form'>): string {
  return `${origin === 'server' ? 'the server' : `connection ${origin}`}${form === 'echo' ? ', echoed' : ''}`;
}

/** A whole message of this run, at the wrong place. */
function misplaced({ side }: Place, index: number, found: DueMessage, due: DueMessage): string {
  if (found.origin !== due.origin) return `foreign: ${describe(found)}`;
  if (found.form !== due.form)
    return `${found.form === 'original' ? 'not echoed' : 'echoed already'}: ${describe(found)}`;
  const digests = side.received.map((told) => told.event.sha256);
  if (digests.indexOf(found.sha256) < index) return `doubled: ${describe(found)} a second time`;
  if (digests.includes(due.sha256, index + 1)) return `reordered: ${describe(found)} came before message ${due.seq}`;
  if (found.seq > due.seq) return `lost: message ${due.seq} is missing, ${describe(found)} came instead`;
  return `stale: ${describe(found)}, which was due before`;
}

type Fragment = Pick<EventOf<'received'>['event'], 'bytes' | 'sha256'>;

/** A part of the stream that was due; null: it is none. */
function tracedFragment(attempt: Attempt, place: Place, got: Fragment, due: DueMessage): string | null {
  const { ledger } = attempt;
  if (got.bytes < due.bytes && ledger.digest(due, got.bytes) === got.sha256) {
    return `the first ${inBytes(got.bytes)} of message ${due.seq}, the other ${due.bytes - got.bytes} are missing`;
  }
  const seqs = due.origin === 'server' ? ledger.seqs : clientSeqs(attempt, place.connection);
  const from = Math.max(0, seqs.indexOf(due.seq) - 1);
  const span = tracedIn(ledger, due, seqs.slice(from, from + MOST_MESSAGES), got);
  return span === null ? null : `the stream ${span}`;
}

/** A part of another stream of this run: another connection's, or the other direction's; null: it is none. */
function foreignFragment({ plan, ledger }: Attempt, got: Fragment, due: DueMessage): string | null {
  if (got.bytes > MOST_FOREIGN_BYTES) return null;
  const clients = Array.from({ length: plan.params.connections }, (_, index): Origin => index + 1);
  const origins: Origin[] = [due.origin, ...clients.filter((origin) => origin !== due.origin)];
  const streams = origins
    .flatMap((origin) => (['original', 'echo'] as const).map((form) => ({ origin, form })))
    .filter(({ origin, form }) => origin !== due.origin || form !== due.form)
    .slice(0, MOST_STREAMS);
  for (const stream of streams) {
    const span = tracedIn(ledger, stream, ledger.seqs.slice(0, MOST_MESSAGES), got);
    if (span !== null) return `the stream of ${whose(stream)} ${span}`;
  }
  return null;
}
