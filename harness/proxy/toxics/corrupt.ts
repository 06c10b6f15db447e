/**
 * `corrupt`: one byte, at `offset` or at a place in a message, arrives with the bits of `xor` flipped.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';
import { at, byteOffset, distanceTo } from './place.ts';

export const corrupt = toxicKind({
  type: 'corrupt',
  fields: { offset: byteOffset, xor: integer(1, 255, 1), at },
  start: (run) => {
    const { attributes } = run;
    const distance = distanceTo({ ...run, attributes: () => ({ bytes: attributes().offset, at: attributes().at }) });
    return (view) => {
      const { head } = view;
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const remaining = distance(view);
      if (remaining === 0) return { do: 'pass', bytes: 1, atMs: head.atMs, effect: 'corrupted', xor: attributes().xor };
      const before = remaining > 0 ? remaining : Infinity;
      return { do: 'pass', bytes: Math.min(before, head.bytes.byteLength), atMs: head.atMs };
    };
  },
});
