/**
 * A run in one sentence, and its cases counted: every document begins with these, and the console ends with them.
 *
 * Owns the words; what the run came to is decided in `run-verdict.ts`.
 */
import { bugsTried, mutantProblems, nothingAsked } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import type { Run } from '../evidence/run.ts';
import { missingResults, missingShards, problemsOf, storedVerdict } from '../evidence/run-verdict.ts';
import type { RunKind } from '../evidence/run-verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { casesOf } from './cases.ts';
import type { Case } from './cases.ts';
import type { RunRecord } from './run-folder.ts';
import { counted } from './text/quantity.ts';
import { exitMeaning } from './text/verdict-word.ts';
import { visibleLine } from './text/visible-text.ts';

export type Tally = ReadonlyMap<VerdictWord, number>;

/** So much of the problems stands in the sentence; what wrote them down bounds nothing. */
const MOST_OF_PROBLEMS = 400;

/** The least exit status that a signal leaves. */
export const INTERRUPTED = 130;

interface Headline {
  readonly tone: VerdictWord;
  readonly sentence: string;
}

/** How many cases came to each verdict. */
export function tallyOf(cases: readonly Case[]): Tally {
  const tally = new Map<VerdictWord, number>();
  for (const { verdict } of cases) tally.set(verdict, (tally.get(verdict) ?? 0) + 1);
  return tally;
}

/** The run in one sentence. Of seeded bugs a fail is what one hopes for. */
export function headlineOf({ run, mutants, ended }: RunRecord): Headline {
  if (mutants === null) return headline(run);
  const { exitStatus } = run;
  return mutantsHeadline(mutants, !ended || exitStatus === null || exitStatus >= INTERRUPTED);
}

/** A run of the suite in one sentence. */
export function headline(run: Run): Headline {
  const { kind, word } = storedVerdict(run);
  return { tone: word, sentence: sentenceOf(run, kind, casesOf(run)) };
}

function sentenceOf(run: Run, kind: RunKind, cases: readonly Case[]): string {
  const tally = tallyOf(cases);
  const of = (word: VerdictWord): number => tally.get(word) ?? 0;
  const are = (word: VerdictWord): string => counted(of(word), 'case');
  const broken = of('fail') === 0 ? '' : brokenWords(cases);
  const andBroken = broken === '' ? '' : `, ${broken}`;
  switch (kind) {
    case 'open':
    case 'interrupted': {
      const judged = of('pass') + of('fail') + of('unknown');
      return `Interrupted: ${counted(judged, 'case')} judged${andBroken}`;
    }
    case 'setup-error':
      if (of('setup-error') === 0)
        return `Not sound: ${visibleLine(problemsOf(run).join('; '), MOST_OF_PROBLEMS)}${andBroken}`;
      return `${broken === '' ? '' : `${broken}; `}${are('setup-error')} could not be set up`;
    case 'incomplete':
      return `Incomplete: ${missingWords(run)} missing; ${of('pass')} of ${counted(cases.length, 'case')} passed${andBroken}`;
    case 'fail':
      return broken;
    case 'unknown':
      return `${are('unknown')} ${of('unknown') === 1 ? 'proves' : 'prove'} nothing`;
    case 'nothing-passed':
      return 'Nothing passed';
    case 'nothing-here':
      return `Nothing to run${shardWords(run)}`;
    case 'held':
      return heldWords(run, cases);
  }
}

/** What did not run, and what could not be done, is no claim that held. */
function heldWords(run: Run, cases: readonly Case[]): string {
  const isElsewhere = ({ results }: Case): boolean => missingResults({ results }).length === results.length;
  const here = tallyOf(cases.filter((each) => !isElsewhere(each)));
  const where = run.shard !== undefined || missingResults(run).length > 0 ? shardWords(run) : '';
  const are = (verdict: VerdictWord, word: string): string[] => {
    const count = here.get(verdict) ?? 0;
    return count === 0 ? [] : [`${counted(count, 'case')} ${count === 1 ? 'was' : 'were'} ${word}`];
  };
  const others = [...are('not-run', 'not'), ...are('unsupported', 'unsupported')];
  if (others.length === 0) return `Every claim held${where}`;
  return `Every claim held that was run${where}; ${others.join(', ')}`;
}

function shardWords({ shard }: Run): string {
  return shard === undefined ? ' in this shard' : ` in shard ${shard.number} of ${shard.of}`;
}

/** `shard 2 of 3 is`. */
function missingWords(run: Run): string {
  const { numbers, of } = missingShards(run);
  const last = numbers.at(-1);
  if (last === undefined) return 'a shard is';
  if (numbers.length === 1) return `shard ${last} of ${of} is`;
  return `shards ${numbers.slice(0, -1).join(', ')} and ${last} of ${of} are`;
}

/** A scenario is one claim, whichever pairs break it. */
function brokenWords(cases: readonly Case[]): string {
  const failed = cases.filter(({ verdict }) => verdict === 'fail');
  const claims = new Set(failed.map(({ scenario }) => scenario)).size;
  const where = failed.length > claims ? `, in ${counted(failed.length, 'case')}` : '';
  return `${counted(claims, 'claim')} broken${where}`;
}

function mutantsHeadline(mutants: Mutants, stopped: boolean): Headline {
  const { tried, dead } = bugsTried(mutants);
  const all = counted(tried.size, 'seeded bug');
  const { survivors } = mutants;
  if (stopped) return { tone: 'interrupted', sentence: `Interrupted: ${counted(mutants.trials.length, 'trial')} made` };
  if (nothingAsked(mutants))
    return { tone: 'not-run', sentence: 'No seeded bug was to be killed: only controls were tried' };
  if (survivors.length > 0) return { tone: 'fail', sentence: `${survivors.length} of ${all} survived` };
  const problems = mutantProblems(mutants).length;
  if (problems > 0) return { tone: 'fail', sentence: `${counted(problems, 'promise')} not kept` };
  return { tone: 'pass', sentence: dead.size < tried.size ? `${dead.size} of ${all} killed` : `${all} killed` };
}

/** A run's exit status and what it means: `exit status 1: a claim is broken`. */
export function exitWords({ run, mutants }: RunRecord): { readonly status: number | null; readonly meaning: string } {
  if (mutants !== null) return { status: run.exitStatus, meaning: mutantsMeaning(run.exitStatus) };
  const { kind, exitStatus } = storedVerdict(run);
  if (kind === 'incomplete') return { status: exitStatus, meaning: 'a shard is missing' };
  if (kind === 'nothing-here') return { status: exitStatus, meaning: 'every case belongs to another shard' };
  return { status: exitStatus, meaning: exitMeaning(exitStatus) };
}

function mutantsMeaning(status: number | null): string {
  if (status === 0) return 'every bug was killed';
  if (status === 4) return 'nothing was to be killed';
  return status === 1 ? 'a bug survived, or a promise was not kept' : exitMeaning(status);
}
