/**
 * What has to be true before an attempt can be judged at all.
 *
 * Owns interruption, failures of the harness and its environment, and subjects that say "unsupported"; whether the
 * evidence itself can be relied on is `soundness.ts`.
 */
import type { FailureCode } from '../contract/words.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Attempt } from './attempt.ts';
import { inMs } from './wording.ts';
import type { Outcome } from './verdict.ts';

/** What kept the attempt from being carried through; null: nothing. */
export function preventedBy({ records }: Pick<Evidence, 'records'>): Outcome | null {
  const interrupted = records.find((record) => record.kind === 'interrupted');
  if (interrupted !== undefined) {
    return { verdict: 'interrupted', reason: `interrupted by ${interrupted.signal} at ${inMs(interrupted.atMs)}` };
  }
  const failed = records.find((record) => record.kind === 'setup-failed');
  if (failed !== undefined)
    return { verdict: 'setup-error', reason: [failed.problem, failed.remedy].filter((part) => part !== '').join('; ') };
  const unstartable = records.find((record) => record.kind === 'unstartable');
  if (unstartable !== undefined) {
    return { verdict: 'setup-error', reason: `the ${unstartable.role} could not be started: ${unstartable.problem}` };
  }
  const code = refusedListen(records);
  return code === null ? null : { verdict: 'setup-error', reason: `the server could not listen: ${code}` };
}

/**
 * Where to listen is the environment's to give: a port in use or forbidden is no fault of the subject. A server says so
 * first or not at all (CONTRACT, Output); from anybody else it is judged.
 */
function refusedListen(records: Evidence['records']): FailureCode | null {
  const first = records.find((record) => record.kind === 'event' && record.role === 'server');
  if (first?.kind !== 'event' || first.event.event !== 'failed' || first.event.op !== 'listen') return null;
  const { code } = first.event;
  return code === 'address-in-use' || code === 'permission' ? code : null;
}

/** A subject that said, in the contract's way, that it does not support what it was asked. */
export function unsupportedBy({ client, server, plan }: Attempt): Outcome | null {
  const process = [server, client].find((own) => own.unsupported);
  if (process === undefined) return null;
  return {
    verdict: 'unsupported',
    reason: `the ${process.role} ${plan[process.role]} does not support ${plan.workload} with framing ${plan.params.framing} as asked`,
  };
}
