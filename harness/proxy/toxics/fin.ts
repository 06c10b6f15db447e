/**
 * `fin`: after exactly `bytes` of this direction its receiver sees the end of the stream; the other direction goes on.
 *
 * Later bytes are read and lost, and so is the sender's own end. A reset still passes: it ends both directions.
 */
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

export const fin = toxicKind({
  type: 'fin',
  fields: placeFields,
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head, cut } = view;
      const remaining = distance(view);
      if (!cut && remaining <= 0) return { do: 'end', end: 'fin', atMs: run.startedMs, effect: 'ended' };
      if (head === undefined) return undefined;
      if (head.kind === 'rst' || head.kind === 'close') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const bytes = head.kind === 'bytes' ? head.bytes.byteLength : 0;
      if (cut) return { do: 'drop', bytes, effect: 'swallowed' };
      return { do: 'pass', bytes: Math.min(remaining, bytes), atMs: head.atMs };
    };
  },
});
