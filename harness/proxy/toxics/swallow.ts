/**
 * `swallow`: from byte `bytes` on, what comes is read and lost, ends and resets included, so the receiver sees silence.
 *
 * Taking it away resets both legs if anything was lost: the stream cannot go on as if nothing had happened.
 */
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

export const swallow = toxicKind({
  type: 'swallow',
  fields: placeFields,
  onLift: ({ dropped }) => (dropped ? 'rst' : 'release'),
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head } = view;
      if (head === undefined) return undefined;
      const remaining = distance(view);
      const bytes = head.kind === 'bytes' ? head.bytes.byteLength : 0;
      if (remaining <= 0) return { do: 'drop', bytes, effect: 'swallowed' };
      return { do: 'pass', bytes: Math.min(remaining, bytes), atMs: head.atMs };
    };
  },
});
