/**
 * `reset`: after exactly `bytes` of this direction its receiver gets a reset, and the sender is reset too.
 *
 * With 0 that is at connect; added when more than that has passed already, at once, be the connection busy or idle.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const reset = toxicKind({
  type: 'reset',
  fields: { bytes: integer() },
  start:
    ({ attributes, startedMs }) =>
    ({ head, offset, cut }) => {
      const remaining = attributes().bytes - offset;
      if (cut) return { do: 'keep', stop: true };
      if (remaining <= 0) return { do: 'end', end: 'rst', atMs: startedMs, effect: 'reset' };
      if (head?.kind !== 'bytes') return head && { do: 'pass', bytes: 0, atMs: head.atMs };
      return { do: 'pass', bytes: Math.min(remaining, head.bytes.byteLength), atMs: head.atMs };
    },
});
