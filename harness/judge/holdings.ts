/**
 * What a reading says that a process holds, beside its listener.
 *
 * Owns the words for it, and what a runtime may open for itself; what is too much is `released.ts` and `plain/lets-go.ts`.
 */
import type { RecordOf } from '../evidence/record.ts';

/** A runtime opens a few descriptors of its own after its beginning: an epoll set, a random source, a module, a log. */
export const OWN_FDS = 8;

/** `2 CLOSE_WAIT, 1 ESTABLISHED`; empty: none. */
export function connectionStates({ sockets }: Pick<RecordOf<'reading'>, 'sockets'>): string {
  return Object.entries(sockets)
    .filter(([state]) => state !== 'LISTEN')
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
