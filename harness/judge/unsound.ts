/**
 * Sound evidence for the judge's tests, and ways to spoil it.
 *
 * Owns the telling only, as `history.ts` does.
 */
import type { Evidence } from '../evidence/evidence.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { history } from './history.ts';
import { judge } from './judge.ts';

const slow: PlannedFault = {
  kind: 'latency',
  id: 'f1',
  direction: 'downstream',
  latencyMs: 1,
  jitterMs: 0,
  when: { on: 'before-connect' },
};

/** A whole exchange under a fault that is delivered, in which all goes well. */
export function sound(): Evidence {
  const story = history({ faults: [slow] })
    .connects()
    .bites(1);
  for (let seq = 0; seq < 3; seq += 1) story.exchanges(1, seq);
  return story.endsInOrder().evidence();
}

/** Why evidence was not judged; any other verdict instead, if it was. */
export function judgedUnsound(evidence: Evidence): string {
  const { verdict, unknownReason, reason } = judge(evidence);
  return unknownReason === 'evidence-incomplete' ? reason : verdict;
}

/** Two neighbours that have changed places. */
export function swapped<Item>(items: readonly Item[], at: number): Item[] {
  return items.map((item, index) => (index === at ? items[at + 1] : index === at + 1 ? items[at] : item) ?? item);
}

/** Every item of a kind, changed. */
export function altered<Item extends { kind: string }>(
  kind: string,
  change: object,
): (items: readonly Item[]) => Item[] {
  return (items) => items.map((item) => (item.kind === kind ? { ...item, ...change } : item));
}

/** Every item of a kind, twice. */
export function doubled<Item extends { kind: string }>(kind: string, items: readonly Item[]): Item[] {
  return items.flatMap((item) => (item.kind === kind ? [item, item] : [item]));
}
