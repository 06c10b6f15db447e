/**
 * What a run came to, and the exit status that says so: DESIGN, Verdicts. The first that applies.
 *
 * The one place that decides it: console, page, JUnit, summary and exit status all go by this value. Its words belong to
 * the report; a run of seeded bugs, whose fails are hoped for, has a status of its own; usage errors (2) never get this far.
 */
import { OTHER_SHARD } from './run.ts';
import type { Result, Run } from './run.ts';
import type { VerdictWord } from './verdict.ts';

/** 128 and the signal's number, as shells say it. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** The signal that ended a run before its end. */
export type Interruption = keyof typeof INTERRUPTED;

/** How a run ended, beside its results: `open` is one that goes on, or was killed. */
export type Ending = Interruption | 'itself' | 'open';

/**
 * `incomplete`: put together from shards, one of which is missing · `nothing-passed`: a suite is never green on nothing ·
 * `nothing-here`: a shard whose cases all belong to others · `held`: everything that ran passed. The others as in a verdict.
 */
export type RunKind =
  | 'open'
  | 'interrupted'
  | 'setup-error'
  | 'incomplete'
  | 'fail'
  | 'unknown'
  | 'nothing-passed'
  | 'nothing-here'
  | 'held';

export interface RunVerdict {
  readonly kind: RunKind;
  /** The word whose colour the run has. */
  readonly word: VerdictWord;
  /** Null: it has not ended. */
  readonly exitStatus: number | null;
}

/** What of a run it goes by. */
export type Judged = Pick<Run, 'shard' | 'parts' | 'problem'> & {
  readonly results: readonly Pick<Result, 'verdict' | 'reason'>[];
};

const STATUS: Readonly<Record<Exclude<RunKind, 'open' | 'interrupted'>, number>> = {
  'setup-error': 3,
  incomplete: 3,
  fail: 1,
  unknown: 5,
  'nothing-passed': 4,
  'nothing-here': 0,
  held: 0,
};

const WORDS: Readonly<Record<RunKind, VerdictWord>> = {
  open: 'interrupted',
  interrupted: 'interrupted',
  'setup-error': 'setup-error',
  incomplete: 'not-run',
  fail: 'fail',
  unknown: 'unknown',
  'nothing-passed': 'not-run',
  'nothing-here': 'not-run',
  held: 'pass',
};

/** What a run comes to that ended in this way. */
export function runVerdict(run: Judged, ending: Ending): RunVerdict {
  const how = run.parts === undefined ? ending : endingOfAll(run.parts.map(({ exitStatus }) => exitStatus));
  const kind = kindOf(run, how);
  const hasFail = run.results.some(({ verdict }) => verdict === 'fail');
  return { kind, word: hasFail ? 'fail' : WORDS[kind], exitStatus: statusOf(kind, how) };
}

/** What a run that was written down came to. */
export function storedVerdict(run: Run): RunVerdict {
  return runVerdict(run, endingOf(run.exitStatus));
}

/** What a run that was killed comes to so far: its worst, and never green, for what it did not reach is not known. */
export function statusSoFar(run: Judged): number {
  const status = runVerdict({ ...run, parts: undefined }, 'itself').exitStatus ?? STATUS.unknown;
  return status === 0 ? STATUS.unknown : status;
}

/** How a run ended, by the status it left. */
export function endingOf(exitStatus: number | null): Ending {
  if (exitStatus === null) return 'open';
  if (exitStatus === INTERRUPTED.SIGINT) return 'SIGINT';
  return exitStatus === INTERRUPTED.SIGTERM ? 'SIGTERM' : 'itself';
}

/** The status of a run that a signal ended. */
export function interruptedStatus(signal: Interruption): number {
  return INTERRUPTED[signal];
}

/** Results that a run of several shards should have and has not. */
export function missingResults<Some extends Judged['results'][number]>({
  results,
}: {
  readonly results: readonly Some[];
}): Some[] {
  return results.filter(({ verdict, reason }) => verdict === 'not-run' && reason === OTHER_SHARD);
}

/** The shards that are missing of a run put together, by number; empty where that cannot be told. */
export function missingShards({ parts = [] }: Pick<Run, 'parts'>): { readonly numbers: number[]; readonly of: number } {
  const shards = parts.flatMap(({ shard }) => (shard === undefined ? [] : [shard]));
  const of = shards[0]?.of ?? 0;
  if (shards.length < parts.length || shards.some((shard) => shard.of !== of)) return { numbers: [], of: 0 };
  const there = new Set(shards.map(({ number }) => number));
  return { numbers: Array.from({ length: of }, (_, index) => index + 1).filter((n) => !there.has(n)), of };
}

function endingOfAll(statuses: readonly (number | null)[]): Ending {
  const endings = statuses.map(endingOf);
  return (['open', 'SIGINT', 'SIGTERM'] as const).find((ending) => endings.includes(ending)) ?? 'itself';
}

function kindOf(run: Judged, ending: Ending): RunKind {
  const verdicts = new Set(run.results.map(({ verdict }) => verdict));
  const isPut = run.parts !== undefined;
  const elsewhere = missingResults(run).length > 0;
  if (ending === 'open') return 'open';
  if (ending !== 'itself' || verdicts.has('interrupted')) return 'interrupted';
  if (problemsOf(run).length > 0 || verdicts.has('setup-error')) return 'setup-error';
  if (isPut && elsewhere) return 'incomplete';
  if (verdicts.has('fail')) return 'fail';
  if (verdicts.has('unknown')) return 'unknown';
  if (verdicts.has('pass')) return 'held';
  return elsewhere ? 'nothing-here' : 'nothing-passed';
}

/** Why a run, or one that it was put together from, is not sound whatever its cases came to. */
export function problemsOf({ problem, parts = [] }: Pick<Run, 'problem' | 'parts'>): string[] {
  return [problem, ...parts.map((part) => part.problem)].filter((each) => each !== undefined);
}

function statusOf(kind: RunKind, ending: Ending): number | null {
  if (kind === 'open') return null;
  if (kind === 'interrupted') return INTERRUPTED[ending === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'];
  return STATUS[kind];
}
