/**
 * A run in one sentence, and its cases counted: every document begins with these.
 */
import type { VerdictWord } from '../evidence/verdict.ts';
import { mutantProblems } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import type { Case } from './cases.ts';
import type { RunRecord } from './run-folder.ts';
import { counted } from './text/quantity.ts';
import { exitMeaning } from './text/verdict-word.ts';

export type Tally = ReadonlyMap<VerdictWord, number>;

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
export function headlineOf(record: RunRecord, cases: readonly Case[]): Headline {
  const { mutants, ended } = record;
  if (mutants === null) return headline(cases, ended);
  const { exitStatus } = record.run;
  return mutantsHeadline(mutants, !ended || exitStatus === null || exitStatus >= INTERRUPTED);
}

/** A scenario is one claim, whichever pairs break it. */
function brokenWords(cases: readonly Case[]): string {
  const failed = cases.filter(({ verdict }) => verdict === 'fail');
  const claims = new Set(failed.map(({ scenario }) => scenario)).size;
  const where = failed.length > claims ? `, in ${counted(failed.length, 'case')}` : '';
  return `${counted(claims, 'claim')} broken${where}`;
}

function mutantsHeadline(mutants: Mutants, stopped: boolean): Headline {
  const all = counted(mutants.bugs.length, 'seeded bug');
  const { survivors } = mutants;
  if (stopped) return { tone: 'interrupted', sentence: `Interrupted: ${counted(mutants.trials.length, 'trial')} made` };
  if (survivors.length > 0) return { tone: 'fail', sentence: `${survivors.length} of ${all} survived` };
  const problems = mutantProblems(mutants).length;
  if (problems > 0) return { tone: 'fail', sentence: `${counted(problems, 'promise')} not kept` };
  return { tone: 'pass', sentence: `${all} killed` };
}

/** What its exit status says of a run. */
export function exitWords({ run, mutants }: RunRecord): string {
  const { exitStatus } = run;
  if (mutants !== null && exitStatus === 0) return 'every bug was killed';
  if (mutants !== null && exitStatus === 1) return 'a bug survived, or a promise was not kept';
  return exitMeaning(exitStatus);
}

/** A run of the suite in one sentence. */
export function headline(all: readonly Case[], ended: boolean): Headline {
  const tally = tallyOf(all);
  const of = (word: VerdictWord): number => tally.get(word) ?? 0;
  const cases = (word: VerdictWord): string => counted(of(word), 'case');
  if (!ended || of('interrupted') > 0) {
    const judged = of('pass') + of('fail') + of('unknown') + of('unsupported');
    const broken = of('fail') === 0 ? '' : `, ${brokenWords(all)}`;
    return {
      tone: of('fail') > 0 ? 'fail' : 'interrupted',
      sentence: `Interrupted: ${counted(judged, 'case')} judged${broken}`,
    };
  }
  if (of('fail') > 0) return { tone: 'fail', sentence: brokenWords(all) };
  if (of('setup-error') > 0) return { tone: 'setup-error', sentence: `${cases('setup-error')} could not be set up` };
  if (of('unknown') > 0) {
    return { tone: 'unknown', sentence: `${cases('unknown')} ${of('unknown') === 1 ? 'proves' : 'prove'} nothing` };
  }
  if (of('pass') === 0) return { tone: 'not-run', sentence: 'Nothing passed' };
  return { tone: 'pass', sentence: 'Every claim held' };
}
