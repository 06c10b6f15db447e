/**
 * Which connections a verdict's claims are about.
 *
 * Owns the reading of the judge's words: a check names its connection, and has no field for it. Of one claim's many
 * breaches the judge names the first and counts the rest, so that of the others it is not known whether they held.
 */
import type { Check, Verdict } from '../../evidence/verdict.ts';
import type { ConnectionNames } from '../timeline/connections.ts';

/** The connection that a check names, by the proxy's number; null: it names none. */
export function connectionOfCheck(
  { expected, actual }: Pick<Check, 'expected' | 'actual'>,
  names: ConnectionNames,
): number | null {
  const named = /\b(client|server) connection (\d+)/.exec(`${actual} ${expected}`);
  return named === null ? null : names(named[1] === 'client' ? 'client' : 'server', Number(named[2]));
}

/** How the claims stand on each connection. */
export interface ClaimsByConnection {
  /** `null`: the verdict does not tell. */
  readonly of: (conn: number) => 'pass' | 'fail' | 'unknown' | null;
  /** Breaches that the judge counted without naming their connections. */
  readonly unnamed: boolean;
}

export function claimsByConnection(verdict: Verdict | null, names: ConnectionNames): ClaimsByConnection {
  if (verdict === null) return { of: () => null, unnamed: false };
  const wrong = verdict.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  const judged = verdict.verdict === 'pass' || verdict.verdict === 'fail';
  const unnamed = wrong.some(({ actual }) => actual.endsWith(' more like it'));
  const told = new Map<number, 'fail' | 'unknown'>();
  for (const check of wrong) {
    const conn = connectionOfCheck(check, names);
    if (conn !== null && told.get(conn) !== 'fail') told.set(conn, check.outcome === 'fail' ? 'fail' : 'unknown');
  }
  return { of: (conn) => told.get(conn) ?? (judged && !unnamed ? 'pass' : null), unnamed };
}
