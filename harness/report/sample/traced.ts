/**
 * Test only: evidence of a subject that traces its calls to its socket.
 */
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';

/** The evidence with a role's calls for each message that it sent and received, of so many bytes one after another. */
export function traced(
  evidence: Evidence,
  role: Role,
  { writes, reads }: { readonly writes: readonly number[]; readonly reads: readonly number[] },
): Evidence {
  const records = evidence.records.flatMap((record): EvidenceRecord[] => {
    if (record.kind !== 'event' || record.role !== role) return [record];
    const { event } = record;
    const calls = (kind: 'wrote' | 'read', sizes: readonly number[], conn: number): EvidenceRecord[] =>
      sizes.map((bytes) => ({ ...record, event: { event: kind, at: event.at, conn, bytes } }));
    if (event.event === 'sent') return [...calls('wrote', writes, event.conn), record];
    if (event.event === 'received') return [...calls('read', reads, event.conn), record];
    return [record];
  });
  return { ...evidence, records };
}
