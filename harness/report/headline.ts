/**
 * A run in one sentence, and its cases counted: every document begins with these.
 */
import type { VerdictWord } from '../evidence/verdict.ts';
import type { Case } from './cases.ts';
import { counted } from './text/quantity.ts';

export type Tally = ReadonlyMap<VerdictWord, number>;

/** How many cases came to each verdict. */
export function tallyOf(cases: readonly Case[]): Tally {
  const tally = new Map<VerdictWord, number>();
  for (const { verdict } of cases) tally.set(verdict, (tally.get(verdict) ?? 0) + 1);
  return tally;
}

/** The run in one sentence. */
export function headline(tally: Tally, ended: boolean): { tone: VerdictWord; sentence: string } {
  const of = (word: VerdictWord): number => tally.get(word) ?? 0;
  const cases = (word: VerdictWord): string => counted(of(word), 'case');
  if (!ended || of('interrupted') > 0) {
    const judged = of('pass') + of('fail') + of('unknown') + of('unsupported');
    const broken = of('fail') === 0 ? '' : `, ${counted(of('fail'), 'claim')} broken`;
    return {
      tone: of('fail') > 0 ? 'fail' : 'interrupted',
      sentence: `Interrupted: ${counted(judged, 'case')} judged${broken}`,
    };
  }
  if (of('fail') > 0) return { tone: 'fail', sentence: `${counted(of('fail'), 'claim')} broken` };
  if (of('setup-error') > 0) return { tone: 'setup-error', sentence: `${cases('setup-error')} could not be set up` };
  if (of('unknown') > 0) {
    return { tone: 'unknown', sentence: `${cases('unknown')} ${of('unknown') === 1 ? 'proves' : 'prove'} nothing` };
  }
  if (of('pass') === 0) return { tone: 'not-run', sentence: 'Nothing passed' };
  return { tone: 'pass', sentence: 'Every claim held' };
}
