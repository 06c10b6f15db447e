/**
 * How a verdict is shown: never by colour alone.
 */
import type { VerdictWord } from '../../evidence/verdict.ts';

export interface VerdictFace {
  readonly letter: string;
  /** For plain text: one character. */
  readonly glyph: string;
  /** What the word means, in one line. */
  readonly meaning: string;
}

export const VERDICT_FACES: Readonly<Record<VerdictWord, VerdictFace>> = {
  fail: { letter: 'F', glyph: '✗', meaning: 'a claim is broken' },
  unknown: { letter: 'U', glyph: '?', meaning: 'the run proves nothing' },
  'setup-error': { letter: 'E', glyph: '!', meaning: 'the harness or its environment failed' },
  interrupted: { letter: 'I', glyph: '‖', meaning: 'stopped before its end' },
  unsupported: { letter: 'N', glyph: '⊘', meaning: 'the subject or the cell cannot do it' },
  'not-run': { letter: '–', glyph: '·', meaning: 'never started' },
  pass: { letter: 'P', glyph: '✓', meaning: 'every claim held' },
};

/** The order in which a reader needs them: what is wrong first. */
export const VERDICTS_BY_URGENCY = [
  'fail',
  'setup-error',
  'unknown',
  'interrupted',
  'unsupported',
  'not-run',
  'pass',
] as const satisfies readonly VerdictWord[];

const STATUS_MEANINGS: Readonly<Record<number, string>> = {
  0: 'everything that ran passed',
  1: 'a claim is broken',
  2: 'usage or configuration',
  3: 'the harness or its environment failed',
  4: 'nothing passed',
  5: 'a run proves nothing',
  130: 'interrupted',
  143: 'terminated',
};

/** What the exit status of a run means, in one line. */
export function exitMeaning(status: number | null): string {
  if (status === null) return 'the run has not ended';
  return STATUS_MEANINGS[status] ?? 'no status of the command';
}
