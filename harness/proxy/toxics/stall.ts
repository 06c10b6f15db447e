/**
 * `stall`: from byte `bytes` on, the proxy stops reading, so the sender meets a full window. Taken away, nothing is lost.
 *
 * What one read had already taken beyond that byte waits in the proxy, 256 KiB at most.
 */
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

export const stall = toxicKind({
  type: 'stall',
  fields: placeFields,
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head } = view;
      const remaining = distance(view);
      if (remaining <= 0) return { do: 'keep', stop: true, effect: 'stalled' };
      if (head === undefined) return undefined;
      const bytes = head.kind === 'bytes' ? Math.min(remaining, head.bytes.byteLength) : 0;
      return { do: 'pass', bytes, atMs: head.atMs };
    };
  },
});
