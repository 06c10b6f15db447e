/**
 * `fragment`: the stream in pieces of chosen sizes, each written by itself, with a pause between them.
 *
 * Exactly one of `sizes` (these, then the rest unchanged), `every` (n bytes each) and `offsets` (a cut before each of
 * these bytes) says where, counted from byte `from` or from the place `at` in a message, before which nothing is cut. The
 * `gap` is in milliseconds: without one the receiver's kernel may join the pieces again.
 */
import { integer, integers, optional, real } from './attributes.ts';
import { toxicKind } from './kind.ts';
import { at, byteOffset, distanceTo } from './place.ts';

/** The nearest cut after `offset`, or Infinity. */
const nextCut = (
  offset: number,
  { every, cuts }: { readonly every: number | undefined; readonly cuts: readonly number[] },
): number => {
  if (every !== undefined) return (Math.floor(offset / every) + 1) * every;
  return cuts.find((cut) => cut > offset) ?? Infinity;
};

const running = (sizes: readonly number[]): number[] => {
  let sum = 0;
  return sizes.map((size) => (sum += size));
};

export const fragment = toxicKind({
  type: 'fragment',
  fields: {
    sizes: integers(1),
    every: optional(integer(1)),
    offsets: integers(1),
    gap: real(0, 86_400_000, 0),
    from: byteOffset,
    at,
  },
  check: ({ sizes, every, offsets }) =>
    [sizes, every, offsets].filter((one) => one !== undefined).length === 1
      ? undefined
      : 'fragment needs exactly one of sizes, every and offsets',
  start: (run) => {
    const { attributes } = run;
    const distance = distanceTo({ ...run, attributes: () => ({ bytes: attributes().from, at: attributes().at }) });
    let planned: unknown;
    let cuts: readonly number[] = [];
    return (view) => {
      const { head, leftMs } = view;
      if (head === undefined) return undefined;
      if (head.kind !== 'bytes') return { do: 'pass', bytes: 0, atMs: head.atMs };
      const now = attributes();
      if (planned !== now) {
        planned = now;
        cuts = now.sizes === undefined ? (now.offsets ?? []).toSorted((a, b) => a - b) : running(now.sizes);
      }
      const length = head.bytes.byteLength;
      const before = distance(view);
      if (before > 0) {
        return { do: 'pass', bytes: Math.min(before, length), atMs: head.atMs, effect: 'cut', where: 'split' };
      }
      const { every, gap } = now;
      const last = cuts.at(-1);
      if (every === undefined && (last === undefined || -before > last)) {
        return { do: 'pass', bytes: length, atMs: head.atMs };
      }
      const bytes = Math.min(length, nextCut(-before, { every, cuts }) + before);
      return { do: 'pass', bytes, atMs: Math.max(head.atMs, leftMs + gap), effect: 'cut', where: 'split' };
    };
  },
});
