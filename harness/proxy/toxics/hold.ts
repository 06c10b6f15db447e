/**
 * `hold`: from byte `bytes` on, the proxy reads on and keeps what comes, ends included, until the toxic is taken away.
 *
 * What it keeps is bounded; beyond that the sender feels back-pressure.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

/** What one direction of one connection may keep. */
const WINDOW_BYTES = 16 * 1024 * 1024;

export const hold = toxicKind({
  type: 'hold',
  fields: { bytes: integer() },
  windowBytes: () => WINDOW_BYTES,
  start:
    ({ attributes }) =>
    ({ head, offset }) => {
      if (head === undefined) return undefined;
      const remaining = attributes().bytes - offset;
      if (remaining <= 0) return { do: 'keep', effect: 'held' };
      const bytes = head.kind === 'bytes' ? Math.min(remaining, head.bytes.byteLength) : 0;
      return { do: 'pass', bytes, atMs: head.atMs };
    },
});
