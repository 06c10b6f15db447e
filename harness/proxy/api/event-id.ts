/**
 * Ids of events in the event stream: the process, the event's number in it, and for listeners of one proxy the event's
 * number among those of that proxy, joined by `-`.
 *
 * The last tells how many events of that proxy alone a listener has missed: it goes on with the same `?proxy=`.
 */
import type { Journal, Seen } from '../events/journal.ts';

export const formatEventId = (process: string, { seq, nth }: Seen): string =>
  nth === undefined ? `${process}-${seq}` : `${process}-${seq}-${nth}`;

/**
 * The event of that id, or undefined when it cannot be of this process. A number alone is that of an event of this
 * process, as events tell it in `seq`; 0 is before all.
 */
export const parseEventId = (
  id: string,
  { process, seq: latest }: Pick<Journal, 'process' | 'seq'>,
): Seen | undefined => {
  const [, ofProcess = process, seqText, nthText] = /^(?:([0-9a-f]+)-)?(\d+)(?:-(\d+))?$/.exec(id) ?? [];
  const seq = Number(seqText ?? Number.NaN);
  if (ofProcess !== process || !(seq <= latest)) return undefined;
  if (seq === 0) return { seq, nth: 0 };
  return { seq, nth: nthText === undefined ? undefined : Number(nthText) };
};
