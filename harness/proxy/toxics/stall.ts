/**
 * `stall`: from byte `bytes` on, the proxy stops reading, so the sender meets a full window. Taken away, nothing is lost.
 *
 * What one read had already taken beyond that byte waits in the proxy, 64 KiB at most.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const stall = toxicKind({
  type: 'stall',
  fields: { bytes: integer() },
  start:
    ({ attributes }) =>
    ({ head, offset }) => {
      const remaining = attributes().bytes - offset;
      if (remaining <= 0) return { do: 'keep', stop: true, effect: 'stalled' };
      if (head === undefined) return undefined;
      const bytes = head.kind === 'bytes' ? Math.min(remaining, head.bytes.byteLength) : 0;
      return { do: 'pass', bytes, atMs: head.atMs };
    },
});
