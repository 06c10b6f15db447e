/**
 * One plain attempt as its judge sees it: what the client did in each round, and what became of the server.
 *
 * Owns the putting together; each question has a file of its own. Pure.
 */
import type { PlainEvidence } from '../../evidence/evidence.ts';
import type { PlainPlan } from '../../evidence/plan.ts';
import type { EvidenceRecord, RecordOf, Round } from '../../evidence/record.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { trafficIn } from '../../evidence/traffic.ts';
import type { Traffic } from '../../evidence/traffic.ts';
import { soundReceipts } from '../agreement.ts';
import { faultViews } from '../fault-effects.ts';
import type { FaultView } from '../fault-effects.ts';
import { toleranceOf } from '../tolerance.ts';
import type { Tolerance } from '../tolerance.ts';

/** The client's run in one round. */
export interface ClientRun {
  readonly round: Round;
  readonly spawned: RecordOf<'spawned'>;
  readonly exited: RecordOf<'exited'> | null;
  readonly overdue: RecordOf<'overdue'> | null;
  readonly output: RecordOf<'output'> | null;
  readonly leftBehind: RecordOf<'left-behind'> | null;
  /** What the proxy carried for it until its end; null: there is no record of its end. */
  readonly traffic: Traffic | null;
}

export interface PlainAttempt {
  readonly plan: PlainPlan;
  readonly tolerance: Tolerance;
  readonly faults: readonly FaultView[];
  readonly receipts: readonly Receipt[];
  readonly runs: readonly ClientRun[];
  /** When the client was done under the faults; null: nothing tells. */
  readonly clientDoneMs: number | null;
  /** Nobody knows: it says nothing. */
  readonly clientUnharmed: false;
  /** The server's own records; `null` where it is somebody else's, or did not. */
  readonly server: {
    readonly spawned: RecordOf<'spawned'> | null;
    readonly overdue: RecordOf<'overdue'> | null;
    /** Its end, if it came before the harness ended it. */
    readonly died: RecordOf<'exited'> | null;
    readonly readings: Readonly<Record<'begun' | 'settled', RecordOf<'reading'> | null>>;
  };
}

export function plainAttemptOf(evidence: PlainEvidence): PlainAttempt {
  const { plan, records } = evidence;
  const receipts = soundReceipts(evidence);
  const runs = runsOf(evidence);
  const faulted = runs.find(({ round }) => round === 'fault');
  return {
    plan,
    tolerance: toleranceOf(records),
    faults: faultViews({ ...evidence, receipts }),
    receipts,
    runs,
    clientDoneMs: faulted?.exited?.atMs ?? null,
    clientUnharmed: false,
    server: serverOf(records),
  };
}

/** The first record of a kind that is about a role. */
function ofRole<Kind extends 'spawned' | 'exited' | 'overdue' | 'left-behind'>(
  records: readonly EvidenceRecord[],
  kind: Kind,
  role: 'client' | 'server',
): RecordOf<Kind> | null {
  const found = records.find((record) => record.kind === kind && 'role' in record && record.role === role);
  return (found as RecordOf<Kind> | undefined) ?? null;
}

function runsOf({ records, wire }: PlainEvidence): ClientRun[] {
  const starts = records.flatMap((record, index) => (record.kind === 'round' ? [{ record, index }] : []));
  return starts.flatMap(({ record, index }, number) => {
    const own = records.slice(index, starts[number + 1]?.index);
    const spawned = ofRole(own, 'spawned', 'client');
    if (spawned === null) return [];
    const exited = ofRole(own, 'exited', 'client');
    return [
      {
        round: record.round,
        spawned,
        exited,
        overdue: ofRole(own, 'overdue', 'client'),
        output: own.find((each) => each.kind === 'output') ?? null,
        leftBehind: ofRole(own, 'left-behind', 'client'),
        traffic: exited === null ? null : trafficIn(wire, record.atMs, exited.atMs),
      },
    ];
  });
}

function serverOf(records: readonly EvidenceRecord[]): PlainAttempt['server'] {
  const reading = (moment: 'begun' | 'settled') =>
    records.find((record) => record.kind === 'reading' && record.role === 'server' && record.moment === moment);
  const ended = records.findIndex(
    (record) => record.kind === 'signalled' && record.role === 'server' && record.why === 'cleanup',
  );
  return {
    spawned: ofRole(records, 'spawned', 'server'),
    overdue: ofRole(records, 'overdue', 'server'),
    died: ofRole(records.slice(0, ended === -1 ? undefined : ended), 'exited', 'server'),
    readings: {
      begun: (reading('begun') as RecordOf<'reading'> | undefined) ?? null,
      settled: (reading('settled') as RecordOf<'reading'> | undefined) ?? null,
    },
  };
}

/** How a round is called in a sentence. */
export const ROUND_WORDS: Readonly<Record<Round, string>> = {
  control: 'without faults',
  'control-again': 'without faults, a second time',
  fault: 'under the faults',
  after: 'after the faults were lifted',
};
