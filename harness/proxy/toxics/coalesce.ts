/**
 * `coalesce`: small pieces become one write, when `bytes` are together, the stream ends, or the first has waited `wait` ms.
 *
 * It begins at byte `from`, or at the place `at` in a message; what is before passes as it comes.
 */
import { integer, real } from './attributes.ts';
import { toxicKind } from './kind.ts';
import { at, byteOffset, distanceTo } from './place.ts';

/** What may be gathered at most. */
const MOST_BYTES = 16 * 1024 * 1024;

export const coalesce = toxicKind({
  type: 'coalesce',
  fields: { bytes: integer(1, MOST_BYTES, 1), wait: real(0, 86_400_000, 0), from: byteOffset, at },
  // Each gathered item has an overhead of its own: twice the bytes, or tiny pieces would fill the window too early.
  windowBytes: () => 4 * MOST_BYTES,
  start: (run) => {
    const { attributes } = run;
    const distance = distanceTo({ ...run, attributes: () => ({ bytes: attributes().from, at: attributes().at }) });
    return (view) => {
      const { head, queued, ending } = view;
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const before = distance(view);
      if (before > 0) return { do: 'pass', bytes: Math.min(before, head.bytes.byteLength), atMs: head.atMs };
      const { bytes, wait } = attributes();
      const complete = queued >= bytes || ending;
      return {
        do: 'pass',
        bytes: Math.min(queued, bytes),
        atMs: complete ? head.atMs : head.atMs + wait,
        effect: 'joined',
        // As many bytes as were asked for in one write are the fault, however they came.
        ...(queued < bytes && { where: 'joined' }),
      };
    };
  },
});
