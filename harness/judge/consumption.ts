/**
 * The expectations `grows` and `spends`: what an exchange cost a process in memory and in time on a core.
 *
 * Owns the comparison of the harness's own readings; what is left afterwards is `released.ts`. Where no reading could be
 * taken it is shown as not checked.
 */
import type { Expectation } from '../scenario/expectation.ts';
import type { Attempt } from './attempt.ts';
import { broken, notChecked, passed } from './finding.ts';
import type { Finding } from './finding.ts';
import { inMs, roundMs } from './wording.ts';

type Consumption = Extract<Expectation, { kind: 'grows' | 'spends' }>;

const MIB = 1024 * 1024;

/** The claim, in one sentence. */
export function consumptionStatement(expectation: Consumption): string {
  const { role } = expectation;
  if (expectation.kind === 'grows') return `The ${role} never grows by more than ${expectation.atMostMiB} MiB.`;
  return `The ${role} needs at most ${inMs(expectation.atMostMs)} on a core.`;
}

/** Whether the role's process kept within it. */
export function consumption(attempt: Attempt, expectation: Consumption): Finding {
  const { begun, settled } = attempt[expectation.role].readings;
  const expected = consumptionStatement(expectation);
  if (begun === null || settled === null) return notChecked(expected, 'the kernel was not asked, or did not tell');
  if (expectation.kind === 'spends') {
    const spentMs = settled.cpuMs - begun.cpuMs;
    const measured = { valueMs: spentMs, atLeastMs: null, atMostMs: expectation.atMostMs };
    const words = { expected, actual: `it needed ${inMs(spentMs)}`, measured, atMs: settled.atMs };
    return spentMs > expectation.atMostMs ? broken(words) : passed(words);
  }
  if (settled.peakBytes === undefined) return notChecked(expected, 'the kernel keeps no highest mark');
  const grownMiB = Math.max(0, settled.peakBytes - begun.residentBytes) / MIB;
  const words = {
    expected,
    actual: `at its most it had ${roundMs(grownMiB)} MiB more than at first`,
    atMs: settled.atMs,
  };
  return grownMiB > expectation.atMostMiB ? broken(words) : passed(words);
}
