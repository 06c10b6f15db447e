/**
 * What changed from one run to the next: by verdict, and by how long things took; and whether the newer one is as good.
 *
 * Pure: two runs in, values out. As good is a run only that shows of every case what the older one showed: one that
 * looked at less is not, however green the rest of it.
 */
import type { Run } from '../evidence/run.ts';
import { storedVerdict } from '../evidence/run-verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { casesOf, compare } from './cases.ts';
import type { Case } from './cases.ts';
import { headline } from './headline.ts';
import { counted } from './text/quantity.ts';

/**
 * `regressed`: fails now and did not before · `new-fails`: fails, and was not there · `lost`: passed or failed before, and neither now ·
 * `vanished`: ran before, and not now · `fixed`: passes now and did not before · `new`: was not there, and does not fail ·
 * `changed`: another verdict, and none of these · `same`.
 */
export type Change = 'regressed' | 'new-fails' | 'lost' | 'fixed' | 'new' | 'vanished' | 'changed' | 'same';

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
  /** 0 where the newer run is as good: see `gateOf`. */
  readonly exitStatus: number;
  /** Why it is not; null: it is. */
  readonly why: string | null;
}

const ORDER: readonly Change[] = ['regressed', 'new-fails', 'lost', 'changed', 'vanished', 'new', 'fixed', 'same'];

/** A change as it is told. */
export function changeWords(change: Change): string {
  return change === 'new-fails' ? 'new, fails' : change;
}

/** A run that says too little of its own cases to be compared by them. */
const UNFIT: ReadonlySet<string> = new Set(['open', 'interrupted', 'setup-error', 'incomplete']);

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
    'new-fails': number('new-fails'),
    lost: number('lost'),
    fixed: number('fixed'),
    new: number('new'),
    vanished: number('vanished'),
    changed: number('changed'),
    same: number('same'),
  };
  return { before: before.run, after: after.run, cases, counts, ...gateOf(counts, after) };
}

/** The first that applies, the numbers as of a run: 1 a fail that is new, 3 less was looked at, 5 less is known, 4 nothing passed. */
function gateOf(counts: RunDiff['counts'], after: Run): Pick<RunDiff, 'exitStatus' | 'why'> {
  const { vanished, lost } = counts;
  const failing = counts.regressed + counts['new-fails'];
  const { kind } = storedVerdict(after);
  if (failing > 0) return { exitStatus: 1, why: `${counted(failing, 'case')} that did not fail before` };
  if (UNFIT.has(kind)) return { exitStatus: 3, why: `the newer run: ${headline(after).sentence}` };
  if (vanished > 0) return { exitStatus: 3, why: `${counted(vanished, 'case')} that the newer run has not run` };
  if (lost > 0) return { exitStatus: 5, why: `${counted(lost, 'case')} of which nothing is known now` };
  const nothing = !after.results.some(({ verdict }) => verdict === 'pass');
  return nothing ? { exitStatus: 4, why: 'nothing passed in the newer run' } : { exitStatus: 0, why: null };
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
  if (after === 'fail') return before === null ? 'new-fails' : 'regressed';
  if (before === null) return 'new';
  if (after === null) return 'vanished';
  if (after === 'pass') return 'fixed';
  return before === 'pass' || before === 'fail' ? 'lost' : 'changed';
}

function workMs({ decisive }: Case): number {
  return decisive.durationMs - decisive.waitsMs;
}

/** The difference in lines, as stored names have them: what changed, one line each, then the counts, and why it is not good enough. */
export function diffLines(diff: RunDiff): string[] {
  const lines = diff.cases
    .filter(({ change }) => change !== 'same')
    .map(
      ({ change, id, before, after }) => `${changeWords(change).padEnd(10)}  ${id}  ${before ?? '–'} → ${after ?? '–'}`,
    );
  const counts = ORDER.filter((change) => diff.counts[change] > 0).map(
    (change) => `${diff.counts[change]} ${changeWords(change)}`,
  );
  return [
    ...lines,
    `${diff.before} → ${diff.after}: ${counts.length === 0 ? 'nothing to compare' : counts.join('; ')}`,
    ...(diff.why === null ? [] : [`not as good: ${diff.why}`]),
  ];
}
