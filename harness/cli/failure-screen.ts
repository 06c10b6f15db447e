/**
 * The first screen of a failure: the claim, what was expected, what happened, and how to run just this again.
 */
import type { Result } from '../evidence/run.ts';
import type { Check, Verdict } from '../evidence/verdict.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** Checks shown; the report has them all. */
const SHOWN = 4;

/** The command that runs one result again. */
export function reproduceLine(result: Result, seed: string): string {
  const place = result.cell === 'local' ? '' : ` --cell ${result.cell} --proxy ${result.proxy}`;
  return `npx halfopen run ${result.scenario} --server ${result.server} --client ${result.client}${place} --seed ${seed}`;
}

export function failureScreen(result: Result, verdict: Verdict | null, seed: string, style: Style): string {
  const outcome = result.verdict === 'fail' ? 'fail' : 'unknown';
  const checks = (verdict?.checks ?? []).filter((check) => check.outcome === outcome);
  const lines = [
    `    claim     ${result.claim}`,
    ...(checks.length === 0
      ? [`    because   ${printable(result.reason)}`]
      : checks.slice(0, SHOWN).flatMap((check) => checkLines(check, style))),
    ...(checks.length > SHOWN ? [`    and ${checks.length - SHOWN} more in the report`] : []),
    `    again     ${style.paint('cyan', reproduceLine(result, seed))}`,
  ];
  return lines.join('\n');
}

function checkLines(check: Check, style: Style): string[] {
  return [
    `    ${style.paint('bold', check.name)}: ${printable(check.statement)}`,
    `    expected  ${printable(check.expected)}`,
    `    actual    ${printable(check.actual)}`,
  ];
}
