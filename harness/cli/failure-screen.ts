/**
 * The first screen of a failure: the claim, what was expected, what happened, and how to run just this again.
 */
import type { Evidence, PlainEvidence } from '../evidence/evidence.ts';
import type { Result } from '../evidence/run.ts';
import type { Check, Verdict } from '../evidence/verdict.ts';
import type { Reproducer } from '../report/reproduce.ts';
import { crashLogLines } from './crash-log.ts';
import type { CrashLog } from './crash-log.ts';
import { momentLines } from './moment.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

/** Checks shown; the report has them all. */
const SHOWN = 4;

/** What a failure is told from. */
export interface Failure {
  readonly result: Result;
  readonly verdict: Verdict | null;
  /** Null where there is none to read. */
  readonly evidence: Evidence | PlainEvidence | null;
  /** Of processes that crashed. */
  readonly logs?: readonly CrashLog[];
  readonly again: Reproducer;
}

/** @param columns of the terminal; infinite where there is none */
export function failureScreen(
  { result, verdict, evidence, logs = [], again }: Failure,
  style: Style,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  // What the harness or its environment failed at is told by the reason alone.
  const checks = (verdict?.checks ?? []).filter((check) => check.outcome === result.verdict);
  const lines = [
    wrapped(lead('claim'), result.claim, columns),
    ...(checks.length === 0
      ? [wrapped(lead('because'), printable(result.reason), columns)]
      : checks.slice(0, SHOWN).flatMap((check) => checkLines(check, style, columns))),
    ...moment(evidence, checks[0], style),
    ...(checks.length > SHOWN ? [`    and ${checks.length - SHOWN} more in the report`] : []),
    ...logs.flatMap(crashLogLines),
    // Never broken: it is copied.
    `${lead('again')}${style.paint('cyan', again(result))}`,
  ];
  return lines.join('\n');
}

function moment(evidence: Evidence | PlainEvidence | null, check: Check | undefined, style: Style): string[] {
  if (evidence === null || check === undefined || check.atMs === null) return [];
  return momentLines(evidence, { ...check, atMs: check.atMs }).map(({ text, isMoment }) =>
    style.paint(isMoment ? 'bold' : 'dim', text),
  );
}

function checkLines(check: Check, style: Style, columns: number): string[] {
  const head = wrapped('    ', `${check.name}: ${printable(check.statement)}`, columns);
  return [
    head.replace(check.name, () => style.paint('bold', check.name)),
    wrapped(lead('expected'), printable(check.expected), columns),
    wrapped(lead('actual'), printable(check.actual), columns),
  ];
}

function lead(word: string): string {
  return `    ${word.padEnd(10)}`;
}
