/**
 * What changed from one run to the next: by verdict, and by how long things took.
 *
 * Pure: two runs in, values out; `report` never decides whether a change is good enough.
 */
import type { Run } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { casesOf, compare } from './cases.ts';
import type { Case } from './cases.ts';

/**
 * `regressed`: fails now and did not before · `fixed`: failed before and passes now · `new`, `vanished`: only in one of the runs ·
 * `changed`: another verdict, neither fixed nor regressed · `same`.
 */
export type Change = 'regressed' | 'fixed' | 'new' | 'vanished' | 'changed' | 'same';

export interface CaseDiff {
  readonly id: string;
  readonly claim: string;
  /** Its pair and place. */
  readonly who: string;
  readonly change: Change;
  readonly before: VerdictWord | null;
  readonly after: VerdictWord | null;
  /** How much longer the deciding result took, waits of the plan left out; null where it is in one run only. */
  readonly slowerMs: number | null;
}

export interface RunDiff {
  readonly before: string;
  readonly after: string;
  /** What is worse first; `same` last. */
  readonly cases: readonly CaseDiff[];
  readonly counts: Readonly<Record<Change, number>>;
}

const ORDER: readonly Change[] = ['regressed', 'changed', 'vanished', 'new', 'fixed', 'same'];

/** Compares two runs, case by case. A case is the same scenario, place and pair. */
export function diffRuns(before: Run, after: Run): RunDiff {
  const old = new Map(casesOf(before).map((each) => [each.id, each]));
  const now = new Map(casesOf(after).map((each) => [each.id, each]));
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  const cases = ids
    .map((id) => caseDiff(id, old.get(id) ?? null, now.get(id) ?? null))
    .sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || compare(a.id, b.id));
  const number = (change: Change): number => cases.filter((each) => each.change === change).length;
  const counts = {
    regressed: number('regressed'),
    fixed: number('fixed'),
    new: number('new'),
    vanished: number('vanished'),
    changed: number('changed'),
    same: number('same'),
  };
  return { before: before.run, after: after.run, cases, counts };
}

function caseDiff(id: string, old: Case | null, now: Case | null): CaseDiff {
  const before = ranOrNull(old);
  const after = ranOrNull(now);
  return {
    id,
    claim: now?.claim ?? old?.claim ?? '',
    who: whoOf(now ?? old),
    change: changeBetween(before, after),
    before,
    after,
    slowerMs: old === null || now === null ? null : workMs(now) - workMs(old),
  };
}

function whoOf(each: Case | null): string {
  return each === null ? '' : `${each.client} → ${each.server} · ${each.place}`;
}

/** A case that was not run is as good as absent. */
function ranOrNull(each: Case | null): VerdictWord | null {
  return each === null || each.verdict === 'not-run' ? null : each.verdict;
}

function changeBetween(before: VerdictWord | null, after: VerdictWord | null): Change {
  if (before === after) return 'same';
  if (before === null) return 'new';
  if (after === null) return 'vanished';
  if (after === 'pass' && before === 'fail') return 'fixed';
  return after === 'fail' ? 'regressed' : 'changed';
}

function workMs({ decisive }: Case): number {
  return decisive.durationMs - decisive.waitsMs;
}

/** The difference as text for a console: what changed, one line each, then the counts. */
export function diffText(diff: RunDiff): string {
  const lines = diff.cases
    .filter(({ change }) => change !== 'same')
    .map(({ change, id, before, after }) => `${change.padEnd(9)}  ${id}  ${before ?? '–'} → ${after ?? '–'}`);
  const counts = ORDER.filter((change) => diff.counts[change] > 0).map((change) => `${diff.counts[change]} ${change}`);
  return [
    ...lines,
    `${diff.before} → ${diff.after}: ${counts.length === 0 ? 'nothing to compare' : counts.join(', ')}`,
  ].join('\n');
}
