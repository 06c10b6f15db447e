/**
 * Which faults can be installed, or lifted, at the same time.
 *
 * Owns the grouping: where faults share a connection their order is part of what they do, and is kept.
 */
import type { PlannedFault } from '../../scenario/fault.ts';

/** So many calls to the proxy are under way at a time. */
const AT_ONCE = 16;

/**
 * Faults in their order, those together that need none: neighbours in a sweep, each for other connections than the rest of
 * its group.
 */
export function apart<Each extends { readonly fault: PlannedFault }>(faults: readonly Each[]): Each[][] {
  const groups: Each[][] = [];
  let taken = new Set<number>();
  for (const each of faults) {
    const own = 'connections' in each.fault ? (each.fault.connections ?? []) : [];
    const group = groups.at(-1);
    const joins = group !== undefined && group.length < AT_ONCE && taken.size > 0 && own.length > 0;
    if (joins && own.every((conn) => !taken.has(conn))) group.push(each);
    else {
      groups.push([each]);
      taken = new Set();
    }
    for (const conn of own) taken.add(conn);
  }
  return groups;
}
