/**
 * Whether the evidence of an attempt is whole, and can be true: a verdict on half of it, or on what cannot be, would be a
 * guess.
 *
 * Owns what must be there; what must not be is `sound-records.ts`, `sound-wire.ts` and `sound-receipts.ts`. None of it
 * says anything of the subjects.
 */
import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import type { EvidenceOf } from '../evidence/evidence.ts';
import type { PlainPlan, Plan } from '../evidence/plan.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import type { WireEvent } from '../evidence/wire-event.ts';
import { passed, untold } from './finding.ts';
import type { Finding } from './finding.ts';
import { impossibleReceipt } from './sound-receipts.ts';
import { impossibleRecord } from './sound-records.ts';
import { impossibleOnWire } from './sound-wire.ts';
import { counted } from './wording.ts';

type AnyEvidence = EvidenceOf<Plan | PlainPlan>;
type Records = readonly EvidenceRecord[];

/** Two clocks that were read against each other drift apart by less than this in an attempt. */
const DRIFT_MS = 100;

export function soundness(evidence: AnyEvidence): Finding[] {
  const expected = 'every record of the attempt, to its end, in an order that can be true';
  const problem = missing(evidence) ?? impossible(evidence);
  if (problem !== null) return [untold('evidence-incomplete', { expected, actual: problem })];
  const { records, wire } = evidence;
  return [
    passed({
      expected,
      actual: `${counted(records.length, 'record')} and ${counted(wire.length, 'event')} of the proxy`,
    }),
  ];
}

function missing({ damage, records, plan, wire }: AnyEvidence): string | null {
  const [first] = damage;
  if (first !== undefined) return `${counted(damage.length, 'place')} could not be read: ${first}`;
  const kinds = new Set(records.map((record) => record.kind));
  if (!kinds.has('origin')) return 'the record of its beginning is missing';
  if (!kinds.has('finished')) return 'the record of its end is missing';
  for (const role of ROLES) {
    const own = new Set(kindsOf(records, role));
    if (own.size > 0 && !own.has('spawned')) return `the record of the ${role}'s start is missing`;
    if (own.size > 0 && !own.has('exited')) return `the record of the ${role}'s end is missing`;
  }
  return missingRole(plan, records) ?? missingFromWire(records, wire);
}

/** What was done to its container is no word of a role itself: it may be done before it starts. */
function kindsOf(records: Records, role: Role): EvidenceRecord['kind'][] {
  const own = records.filter((record) => 'role' in record && record.role === role);
  return own.map(({ kind }) => kind).filter((kind) => kind !== 'container');
}

/** A server is always started, unless it is a plain one of somebody else's; a client once its server listens. */
function missingRole(plan: AnyEvidence['plan'], records: Records): string | null {
  const of: Record<Role, readonly EvidenceRecord['kind'][]> = {
    server: kindsOf(records, 'server'),
    client: kindsOf(records, 'client'),
  };
  if ('plain' in plan) {
    const isHopeless =
      of.server.includes('overdue') || (of.server.includes('exited') && !of.server.includes('signalled'));
    return of.client.length > 0 || isHopeless ? null : 'there is no record of the client';
  }
  if (of.server.length === 0) return 'there is no record of the server';
  const listened = records.some(
    (record) => record.kind === 'event' && record.role === 'server' && record.event.event === 'listening',
  );
  // Its input is ended only where it still runs: one that left before its client came took no client.
  const isDue = listened && of.server.includes('input-ended');
  return of.client.length === 0 && isDue ? 'there is no record of the client' : null;
}

/**
 * The wire proxy, or the recorder beside real Toxiproxy, tells of its own beginning first and of its own end last; an
 * exchange without these, or with a gap, was not wholly told.
 */
function missingFromWire(records: Records, wire: readonly WireEvent[]): string | null {
  const lost = wire.reduce((sum, told) => sum + (told.kind === 'dropped' ? told.count : 0), 0);
  if (wire.some((told) => told.kind === 'dropped')) return `${counted(lost, 'event')} of the proxy were lost`;
  const begun = records.some((record) => record.kind === 'spawned' && record.role === 'client');
  if (begun && wire[0]?.kind !== 'listening') return "the proxy's first event, that it listens, is missing";
  if (begun && wire.at(-1)?.kind !== 'stopped') return "the proxy's last event, that it stopped, is missing";
  return null;
}

/** What is asked only of evidence that is whole. */
function impossible({ plan, records, wire, receipts }: AnyEvidence): string | null {
  const endMs = records.at(-1)?.atMs ?? 0;
  const clock = records.find((record) => record.kind === 'clock');
  const errorMs = clock === undefined ? 0 : clock.errorMs + DRIFT_MS;
  const account = { cell: plan.cell, merged: plan.proxy === 'toxiproxy', endMs, errorMs };
  return (
    impossibleRecord(records, 'plain' in plan ? 'many' : 'one') ??
    impossibleOnWire(wire, account) ??
    impossibleReceipt(receipts, endMs, errorMs)
  );
}
