/**
 * `corrupt`: the byte at `offset` arrives with the bits of `xor` flipped.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

export const corrupt = toxicKind({
  type: 'corrupt',
  fields: { offset: integer(), xor: integer(1, 255, 1) },
  start:
    ({ attributes }) =>
    ({ head, offset }) => {
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const { offset: target, xor } = attributes();
      if (offset === target) return { do: 'pass', bytes: 1, atMs: head.atMs, effect: 'corrupted', xor };
      const before = target > offset ? target - offset : Infinity;
      return { do: 'pass', bytes: Math.min(before, head.bytes.byteLength), atMs: head.atMs };
    },
});
