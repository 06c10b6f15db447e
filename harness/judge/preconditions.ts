/**
 * What has to be true before an attempt can be judged at all.
 *
 * Owns interruption, failures of the harness and its environment, damaged evidence, and subjects that say "unsupported".
 */
import { ROLES } from '../contract/words.ts';
import type { Evidence, EvidenceOf } from '../evidence/evidence.ts';
import type { PlanFrame } from '../evidence/plan.ts';
import type { RecordOf } from '../evidence/record.ts';
import type { Attempt } from './attempt.ts';
import { passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { counted, inMs } from './wording.ts';
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

/** Whether the evidence is whole: a verdict on half of it would be a guess. */
export function soundness(evidence: EvidenceOf<PlanFrame>): Finding[] {
  const expected = 'every record of the attempt, to its end';
  const missing = missingFrom(evidence);
  if (missing !== null) return [untold('evidence-incomplete', { expected, actual: missing })];
  const { records, wire } = evidence;
  return [
    passed({
      expected,
      actual: `${counted(records.length, 'record')} and ${counted(wire.length, 'event')} of the proxy`,
    }),
  ];
}

function missingFrom({ damage, records, plan, wire }: EvidenceOf<PlanFrame>): string | null {
  const [first] = damage;
  if (first !== undefined) return `${counted(damage.length, 'place')} could not be read: ${first}`;
  const kinds = new Set(records.map((record) => record.kind));
  if (!kinds.has('origin')) return 'the record of its beginning is missing';
  if (!kinds.has('finished')) return 'the record of its end is missing';
  for (const role of ROLES) {
    const own = new Set(records.flatMap((record) => ('role' in record && record.role === role ? [record.kind] : [])));
    if (own.size > 0 && !own.has('spawned')) return `the record of the ${role}'s start is missing`;
    if (own.size > 0 && !own.has('exited')) return `the record of the ${role}'s end is missing`;
  }
  return plan.proxy === 'wire' ? missingFromWire(records, wire) : null;
}

/** The wire proxy tells of its own end last; an exchange without that, or with a gap, was not wholly told. */
function missingFromWire(records: Evidence['records'], wire: Evidence['wire']): string | null {
  const lost = wire.reduce((sum, told) => sum + (told.kind === 'dropped' ? told.count : 0), 0);
  if (wire.some((told) => told.kind === 'dropped')) return `${counted(lost, 'event')} of the proxy were lost`;
  const begun = records.some((record) => record.kind === 'spawned' && record.role === 'client');
  if (begun && wire.at(-1)?.kind !== 'stopped') return "the proxy's last event, that it stopped, is missing";
  return null;
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
