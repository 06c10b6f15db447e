/**
 * Asks the judge's questions one by one.
 *
 * Owns that a question which throws makes the verdict unknown, and how many of its findings are told.
 */
import type { Check } from '../evidence/verdict.ts';
import { untold } from './finding.ts';
import type { Finding } from './finding.ts';

/** So many findings of one question are told; the rest are counted. */
const MOST_FINDINGS = 8;

/** Asks one question. One that throws proves nothing, and does not hide what the others found. */
export function asked(name: string, statement: string, examine: () => Finding[]): Check[] {
  let findings: Finding[];
  try {
    findings = examine();
  } catch (error) {
    findings = [crash(error)];
  }
  const told = findings.toSorted(
    (one, other) => rank(one) - rank(other) || (one.atMs ?? Infinity) - (other.atMs ?? Infinity),
  );
  const checks = told.slice(0, MOST_FINDINGS).map((finding) => ({ name, statement, ...finding }));
  const rest = told.length - checks.length;
  const last = checks.at(-1);
  if (rest === 0 || last === undefined) return checks;
  return [...checks.slice(0, -1), { ...last, actual: `${last.actual}; and ${rest} more like it` }];
}

/** Breaches that count in any case come before those that depend on the fault, and those before what is not known. */
function rank(finding: Finding): number {
  if (finding.outcome === 'fail') return finding.dependsOnFault ? 1 : 0;
  return finding.outcome === 'unknown' ? 2 : 3;
}

/** A judge that throws proves nothing. */
export function crash(error: unknown): Finding {
  const actual = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return untold('judge-crashed', { expected: 'the judge reaches a verdict', actual });
}
