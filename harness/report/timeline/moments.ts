/**
 * The instants at which a claim broke: where the eye should go first.
 */
import type { Check, Verdict } from '../../evidence/verdict.ts';
import { visibleLine } from '../text/visible-text.ts';

export interface Moment {
  readonly atMs: number;
  /** The checks that broke there. */
  readonly label: string;
}

/** Closer than this two are one: several checks often object to the same event. */
const SAME_MS = 1;
const MOST_MOMENTS = 8;
/** Of a label: so much has room on a telephone. */
const MOST_CHARACTERS = 44;

/** In order of time. */
export function momentsOf(verdict: Verdict | null): Moment[] {
  const broken = (verdict?.checks ?? [])
    .flatMap((check) =>
      check.outcome === 'fail' && check.atMs !== null ? [{ atMs: check.atMs, name: nameOf(check) }] : [],
    )
    .sort((a, b) => a.atMs - b.atMs);
  const groups: { atMs: number; names: Set<string> }[] = [];
  for (const { atMs, name } of broken) {
    const last = groups.at(-1);
    if (last !== undefined && atMs - last.atMs < SAME_MS) last.names.add(name);
    else groups.push({ atMs, names: new Set([name]) });
  }
  return groups.slice(0, MOST_MOMENTS).map(({ atMs, names }) => ({ atMs, label: bounded([...names].join(', ')) }));
}

/** An invariant is known by its name; of a scenario's own expectations each is another. */
function nameOf({ name, expected }: Check): string {
  if (name !== 'expectation') return name;
  return `expected: ${visibleLine(expected, 200).replace(/^(each|every) connection of the /, '')}`;
}

function bounded(label: string): string {
  return label.length <= MOST_CHARACTERS ? label : `${label.slice(0, MOST_CHARACTERS - 1)}…`;
}
