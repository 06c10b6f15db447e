/**
 * `reset`: after exactly `bytes` of this direction its receiver gets a reset, and the sender is reset too.
 *
 * With 0 that is at connect; added when more than that has passed already, at once, be the connection busy or idle.
 * Exact needs a receiver that takes the bytes before: one that takes none for `patience` ms is reset without the rest.
 * Missing, that is a minute; a moment where the place had passed already, for that means "now".
 */
import { integer, optional } from './attributes.ts';
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

const PATIENCE_MS = 60_000;

export const reset = toxicKind({
  type: 'reset',
  fields: { ...placeFields, patience: optional(integer(0, 86_400_000)) },
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head, cut } = view;
      const remaining = distance(view);
      if (cut) return { do: 'keep', stop: true };
      if (remaining <= 0) {
        const patienceMs = run.attributes().patience ?? (remaining < 0 ? undefined : PATIENCE_MS);
        return { do: 'end', end: 'rst', atMs: run.startedMs, effect: 'reset', patienceMs };
      }
      if (head?.kind !== 'bytes') return head && { do: 'pass', bytes: 0, atMs: head.atMs };
      return { do: 'pass', bytes: Math.min(remaining, head.bytes.byteLength), atMs: head.atMs };
    };
  },
});
