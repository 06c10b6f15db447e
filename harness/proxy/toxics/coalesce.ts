/**
 * `coalesce`: small pieces become one write, when `bytes` are together, the stream ends, or the first has waited `wait` ms.
 */
import { integer, real } from './attributes.ts';
import { toxicKind } from './kind.ts';

/** What may be gathered at most. */
const MOST_BYTES = 16 * 1024 * 1024;

export const coalesce = toxicKind({
  type: 'coalesce',
  fields: { bytes: integer(1, MOST_BYTES, 1), wait: real(0, 86_400_000, 0) },
  // Each gathered item has an overhead of its own: twice the bytes, or tiny pieces would fill the window too early.
  windowBytes: () => 4 * MOST_BYTES,
  start:
    ({ attributes }) =>
    ({ head, queued, ending }) => {
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
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
    },
});
