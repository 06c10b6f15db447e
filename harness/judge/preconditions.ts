/**
 * What has to be true before an attempt can be judged at all.
 *
 * Owns interruption, failures of the harness and its environment, and subjects that say "unsupported"; whether the
 * evidence itself can be relied on is `soundness.ts`.
 */
import type { Evidence } from '../evidence/evidence.ts';
import type { RecordOf } from '../evidence/record.ts';
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
  const cannotListen = records.find(isRefusedListen);
  if (cannotListen !== undefined && cannotListen.event.event === 'failed') {
    return { verdict: 'setup-error', reason: `the ${cannotListen.role} could not listen: ${cannotListen.event.code}` };
  }
  return null;
}

/** The place to listen is the harness's to give: a port in use or forbidden is no fault of the subject. */
function isRefusedListen(record: Evidence['records'][number]): record is RecordOf<'event'> {
  return (
    record.kind === 'event' &&
    record.event.event === 'failed' &&
    record.event.op === 'listen' &&
    (record.event.code === 'address-in-use' || record.event.code === 'permission')
  );
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
