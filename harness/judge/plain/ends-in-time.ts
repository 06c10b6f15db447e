/**
 * Ends in time: whatever the network does, a plain client is done within the bound its user gave.
 *
 * Owns the bound; a host that could not run the client for long enough to explain the excess makes it unknown.
 */
import { brokenUnderFault, broken, notChecked, passed, untold } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { inMs } from '../wording.ts';
import { ROUND_WORDS } from './rounds.ts';
import type { ClientRun, PlainAttempt } from './rounds.ts';
import type { PlainInvariant } from './questions.ts';

export const endsInTime: PlainInvariant = {
  name: 'ends-in-time',
  statement: 'The client ends within its bound, whatever the network does.',
  examine: (attempt) => {
    // What comes after the faults is asked by whether service is back.
    const runs = attempt.runs.filter(({ round }) => round !== 'after');
    if (runs.length === 0) return [notChecked('the client ends within its bound', 'it was never started')];
    return runs.map((run) => inTime(attempt, run));
  },
};

export function inTime({ plan, tolerance }: PlainAttempt, run: ClientRun): Finding {
  const boundMs = plan.limits.exchangeMs;
  const expected = `${ROUND_WORDS[run.round]} the client ends within ${inMs(boundMs)} of its start`;
  const fromMs = run.spawned.atMs;
  const endMs = run.overdue?.atMs ?? run.exited?.atMs ?? fromMs;
  const valueMs = endMs - fromMs;
  const words = { expected, measured: { valueMs, atLeastMs: null, atMostMs: boundMs }, atMs: endMs };
  if (run.overdue === null) return passed({ ...words, actual: `it took ${inMs(valueMs)}` });
  const actual =
    'it was still running then, and had to be ended by the harness, with SIGKILL: does it have a deadline?';
  const window = { fromMs, toMs: endMs };
  // How much longer it would have taken nobody knows: a host that stood still for a fifth of the bound explains any excess.
  if (tolerance.explains({ window, boundMs, excessMs: boundMs * STANDSTILL })) {
    return untold('host-stalled', { ...words, actual: `${actual} The host kept it from running meanwhile` });
  }
  return run.round === 'fault' ? brokenUnderFault({ ...words, actual }) : broken({ ...words, actual });
}

/** Part of the bound. */
const STANDSTILL = 0.2;
