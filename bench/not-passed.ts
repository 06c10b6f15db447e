/**
 * How many of the scenarios that were timed did not pass: a time is worth nothing where they did not do what they claim.
 */
import type { Result } from '../harness/evidence/run.ts';
import type { Row } from './row.ts';

/** @param where beside which figure it stands */
export function notPassedRow(results: readonly Result[], where: string): Row {
  // Node has no TCP_USER_TIMEOUT, and says so.
  const others = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported');
  return {
    measure: `scenarios that did not pass, ${where}`,
    value: others.length,
    unit: others.map(({ scenario, verdict }) => `${scenario}: ${verdict}`).join('; '),
    asked: '0',
    kept: others.length === 0,
  };
}
