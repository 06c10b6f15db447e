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

/** The lengths of the slices of a chunk of `length` bytes that begins at `offset`. */
export const slices = (
  { length, offset }: { readonly length: number; readonly offset: number },
  sizes: Sizes,
  draw: (offset: number) => number,
): number[] => {
  const { average_size: average, size_variation: variation } = sizes;
  if (length - average <= variation) return [length];
  const moved = variation === 0 ? 0 : Math.floor(draw(offset + length / 2) * variation * 2) - variation;
  const left = Math.floor(length / 2) + moved;
  return [
    ...slices({ length: left, offset }, sizes, draw),
    ...slices({ length: length - left, offset: offset + left }, sizes, draw),
  ];
};

export const slicer = toxicKind({
  type: 'slicer',
  struct: 'SlicerToxic',
  fields: { average_size: integer(1), size_variation: integer(), delay: integer() },
  check: ({ average_size: average, size_variation: variation }) => {
    if (average < 1) return 'SlicerToxic.attributes.average_size must be at least 1';
    return variation < average ? undefined : 'SlicerToxic.attributes.size_variation must be less than average_size';
  },
  start: ({ attributes, draw }) => {
    /** Where the planned slices of the current chunk end, as offsets. */
    let cuts: number[] = [];
    let next = 0;
    return ({ head, offset, leftMs }) => {
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const { delay, ...sizes } = attributes();
      const length = head.bytes.byteLength;
      while (next < cuts.length && (cuts[next] ?? 0) <= offset) next += 1;
      if (next === cuts.length) {
        cuts = endsOf(slices({ length, offset }, sizes, draw), offset);
        next = 0;
      }
      const bytes = Math.min(length, (cuts[next] ?? Infinity) - offset);
      return { do: 'pass', bytes, atMs: Math.max(head.atMs, leftMs + delay / 1000), effect: 'cut', where: 'split' };
    };
  },
});

const endsOf = (lengths: readonly number[], from: number): number[] => {
  let end = from;
  return lengths.map((length) => (end += length));
};
