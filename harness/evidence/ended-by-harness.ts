/**
 * Whether it was the harness that ended a process: for being overdue, for flooding, or to clean up.
 *
 * Such an end says nothing of the process itself, and every place that tells of it says so alike. A kill that is a fault
 * of the plan is no such end.
 */
import type { EvidenceRecord, RecordOf } from './record.ts';

/** How a process ends that was killed: by that signal, or, told by a container, with this status. */
const KILLED = { signal: 'SIGKILL', status: 137 } as const;

const FOR_THE_RUN: ReadonlySet<RecordOf<'signalled'>['why']> = new Set(['overdue', 'flood', 'cleanup']);

/** Whether a SIGKILL ended it, whoever sent that. */
export function wasKilled({ signal, status }: RecordOf<'exited'>): boolean {
  return signal === KILLED.signal || status === KILLED.status;
}

/** @param records what the attempt recorded, in order; of several processes of a role the one that `exited` tells of counts */
export function endedByHarness(exited: RecordOf<'exited'>, records: readonly EvidenceRecord[]): boolean {
  if (exited.outOfMemory === true || !wasKilled(exited)) return false;
  let killed = false;
  for (const record of records) {
    if (record === exited) break;
    if (record.kind === 'exited' && record.role === exited.role) killed = false;
    if (record.kind === 'signalled' && record.role === exited.role) killed ||= isKill(record);
  }
  return killed;
}

function isKill({ signal, why }: RecordOf<'signalled'>): boolean {
  return signal === KILLED.signal && FOR_THE_RUN.has(why);
}
