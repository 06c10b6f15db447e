/**
 * `limit_data`: `bytes` more bytes pass, counted from when the toxic began to work, then the connection is closed with FIN.
 *
 * With 0 it is closed at the first byte, not at connect.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const limitData = toxicKind({
  type: 'limit_data',
  struct: 'LimitDataToxic',
  fields: { bytes: integer() },
  start:
    ({ attributes, startedAt, startedMs }) =>
    ({ head, offset, cut }) => {
      const remaining = startedAt + attributes().bytes - offset;
      const length = head?.kind === 'bytes' ? head.bytes.byteLength : 0;
      if (cut) return head && { do: 'drop', bytes: length, effect: 'swallowed' };
      const reached = remaining === 0 && offset > startedAt;
      if (reached || (remaining <= 0 && length > 0))
        return { do: 'end', end: 'close', atMs: startedMs, effect: 'ended' };
      return head && { do: 'pass', bytes: Math.min(remaining, length), atMs: head.atMs };
    },
});
