/**
 * `slicer`: what was read at once goes in slices of about `average_size` bytes, with `delay` µs after each.
 *
 * A chunk is halved until the pieces are at most `average_size` + `size_variation` long, the cut being moved by up to
 * `size_variation` bytes: Toxiproxy's way, with a seed. For cuts at known places there is `fragment`.
 */
import { integer } from './attributes.ts';
import { toxicKind } from './kind.ts';

interface Sizes {
  readonly average_size: number;
  readonly size_variation: number;
}

/**
 * Where the slices end of a chunk of `length` bytes that begins at `offset`. Each is worked out when it is asked for: a chunk
 * can have a quarter of a million.
 */
export function* sliceEnds(
  { length, offset }: { readonly length: number; readonly offset: number },
  { average_size: average, size_variation: variation }: Sizes,
  draw: (offset: number) => number,
): Generator<number, void, undefined> {
  const parts = [length];
  let end = offset;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part - average <= variation) yield (end += part);
    else {
      const moved = variation === 0 ? 0 : Math.floor(draw(end + part / 2) * variation * 2) - variation;
      const left = Math.floor(part / 2) + moved;
      parts.push(part - left, left);
    }
  }
}

export const slicer = toxicKind({
  type: 'slicer',
  struct: 'SlicerToxic',
  fields: { average_size: integer(1), size_variation: integer(), delay: integer() },
  check: ({ average_size: average, size_variation: variation }) => {
    if (average < 1) return 'SlicerToxic.attributes.average_size must be at least 1';
    return variation < average ? undefined : 'SlicerToxic.attributes.size_variation must be less than average_size';
  },
  start: ({ attributes, draw }) => {
    /** The slices of the current chunk, and where the present one ends. */
    let cuts: Iterator<number, void> | undefined;
    let cut = 0;
    return ({ head, offset, leftMs }) => {
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const { delay, ...sizes } = attributes();
      const length = head.bytes.byteLength;
      while (cut <= offset) {
        const next = cuts?.next();
        if (next?.done === false) cut = next.value;
        else cuts = sliceEnds({ length, offset }, sizes, draw);
      }
      const bytes = Math.min(length, cut - offset);
      return { do: 'pass', bytes, atMs: Math.max(head.atMs, leftMs + delay / 1000), effect: 'cut', where: 'split' };
    };
  },
});
