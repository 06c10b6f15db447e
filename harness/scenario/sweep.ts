/**
 * Sweeps: one fault at every byte of a stretch, each on a connection of its own, all in one run.
 *
 * Owns the spreading of faults over connections; a sweep is an ordinary scenario otherwise.
 */
import type { FaultInput } from './fault.ts';

/** Numbers of the proxy's connections that a fault of a sweep is for: one. */
type Own = { readonly connections: number[] };

/** How many connections a sweep of `count` places needs, and that all of them are open at once. */
export const sweeping = (count: number): { connections: number; concurrency: number } => ({
  connections: count,
  concurrency: count,
});

/**
 * One fault for each whole number from `first` to `last`.
 *
 * @param make the fault at that number; it takes over `own`, which names its connection
 */
export function atEach(first: number, last: number, make: (at: number, own: Own) => FaultInput): FaultInput[] {
  return Array.from({ length: last - first + 1 }, (_, index) => make(first + index, { connections: [index + 1] }));
}

/**
 * One fault for each pair of whole numbers `a < b` from `first` to `last`.
 *
 * @param make the fault at that pair; it takes over `own`, which names its connection
 */
export function atEachPair(
  first: number,
  last: number,
  make: (pair: readonly [number, number], own: Own) => FaultInput,
): FaultInput[] {
  const pairs: [number, number][] = [];
  for (let a = first; a < last; a += 1) for (let b = a + 1; b <= last; b += 1) pairs.push([a, b]);
  return pairs.map((pair, index) => make(pair, { connections: [index + 1] }));
}
