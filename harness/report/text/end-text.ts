/**
 * How a process ended, in a few words: its status or signal, and whether the harness sent that.
 */
import { endedByHarness } from '../../evidence/ended-by-harness.ts';
import type { EvidenceRecord, RecordOf } from '../../evidence/record.ts';

/** `status 0`, `SIGSEGV`, `SIGKILL from the harness`. */
export function endText(exited: RecordOf<'exited'>, records: readonly EvidenceRecord[]): string {
  if (endedByHarness(exited, records)) return 'SIGKILL from the harness';
  return exited.signal ?? `status ${exited.status ?? 'unknown'}`;
}
