/**
 * `reset`: after exactly `bytes` of this direction its receiver gets a reset, and the sender is reset too.
 *
 * With 0 that is at connect; added when more than that has passed already, at once, be the connection busy or idle.
 */
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

export const reset = toxicKind({
  type: 'reset',
  fields: placeFields,
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head, cut } = view;
      const remaining = distance(view);
      if (cut) return { do: 'keep', stop: true };
      if (remaining <= 0) return { do: 'end', end: 'rst', atMs: run.startedMs, effect: 'reset' };
      if (head?.kind !== 'bytes') return head && { do: 'pass', bytes: 0, atMs: head.atMs };
      return { do: 'pass', bytes: Math.min(remaining, head.bytes.byteLength), atMs: head.atMs };
    };
  },
});
