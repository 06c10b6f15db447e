/**
 * `swallow`: from byte `bytes` on, what comes is read and lost, ends and resets included, so the receiver sees silence.
 *
 * Taking it away resets both legs if anything was lost: the stream cannot go on as if nothing had happened.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const swallow = toxicKind({
  type: 'swallow',
  fields: { bytes: integer() },
  onLift: ({ dropped }) => (dropped ? 'rst' : 'release'),
  start:
    ({ attributes }) =>
    ({ head, offset }) => {
      if (head === undefined) return undefined;
      const remaining = attributes().bytes - offset;
      const bytes = head.kind === 'bytes' ? head.bytes.byteLength : 0;
      if (remaining <= 0) return { do: 'drop', bytes, effect: 'swallowed' };
      return { do: 'pass', bytes: Math.min(remaining, bytes), atMs: head.atMs };
    },
});
