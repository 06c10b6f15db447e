/**
 * `hold`: from byte `bytes` on, the proxy reads on and keeps what comes, ends included, until the toxic is taken away.
 *
 * What it keeps is bounded; beyond that the sender feels back-pressure.
 */
import { toxicKind } from './kind.ts';
import { distanceTo, placeFields } from './place.ts';

/** What one direction of one connection may keep. */
const WINDOW_BYTES = 16 * 1024 * 1024;

export const hold = toxicKind({
  type: 'hold',
  fields: placeFields,
  windowBytes: () => WINDOW_BYTES,
  start: (run) => {
    const distance = distanceTo(run);
    return (view) => {
      const { head } = view;
      if (head === undefined) return undefined;
      const remaining = distance(view);
      if (remaining <= 0) return { do: 'keep', effect: 'held' };
      const bytes = head.kind === 'bytes' ? Math.min(remaining, head.bytes.byteLength) : 0;
      return { do: 'pass', bytes, atMs: head.atMs };
    };
  },
});
