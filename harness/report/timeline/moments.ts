/**
 * The instants at which a claim broke: where the eye should go first.
 */
import type { Verdict } from '../../evidence/verdict.ts';

export interface Moment {
  readonly atMs: number;
  /** The checks that broke there. */
  readonly label: string;
}

/** Closer than this two are one: several checks often object to the same event. */
const SAME_MS = 1;
const MOST_MOMENTS = 8;

/** In order of time. */
export function momentsOf(verdict: Verdict | null): Moment[] {
  const broken = (verdict?.checks ?? [])
    .flatMap(({ outcome, atMs, name }) => (outcome === 'fail' && atMs !== null ? [{ atMs, name }] : []))
    .sort((a, b) => a.atMs - b.atMs);
  const groups: { atMs: number; names: Set<string> }[] = [];
  for (const { atMs, name } of broken) {
    const last = groups.at(-1);
    if (last !== undefined && atMs - last.atMs < SAME_MS) last.names.add(name);
    else groups.push({ atMs, names: new Set([name]) });
  }
  return groups.slice(0, MOST_MOMENTS).map(({ atMs, names }) => ({ atMs, label: [...names].join(', ') }));
}
