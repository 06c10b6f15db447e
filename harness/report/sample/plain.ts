/**
 * Test only: an attempt with plain subjects, made of hand-written values: a control round of which the fault's output differs.
 */
import * as v from 'valibot';

import { attemptFolder } from '../../evidence/folder.ts';
import type { PlainEvidence } from '../../evidence/evidence.ts';
import { plainPlanSchema } from '../../evidence/plan.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import type { Result } from '../../evidence/run.ts';
import type { WireEvent } from '../../evidence/wire-event.ts';
import { sampleVerdict } from './attempt.ts';
import type { SampleAttempt } from './attempt.ts';

const SHA = '0'.repeat(64);
const CLAIM = 'a truncated answer is not taken for a whole one';

/** What {@link SampleAttempt} is of subjects that keep the contract. */
export type SamplePlainAttempt = Omit<SampleAttempt, 'evidence'> & { readonly evidence: PlainEvidence };

/** A client that calls a truncated answer a success. */
export function samplePlain(scenario: string): SamplePlainAttempt {
  const evidence = plainEvidence(scenario);
  const { plan } = evidence;
  const folder = attemptFolder(plan, 1, 1);
  const reason = 'expectation: expected a failure or the whole answer; it succeeded with 12 of 40 bytes';
  const verdict = sampleVerdict({ scenario, claim: CLAIM, verdict: 'fail', reason, checks: [{ outcome: 'fail' }] });
  const attempt = { verdict: 'fail', reason, evidence: folder, durationMs: 900 } as const;
  const { cell, proxy, server, client, variant, waitsMs } = plan;
  const result: Result = {
    scenario,
    claim: CLAIM,
    cell,
    proxy,
    server,
    client,
    variant,
    waitsMs,
    reason,
    repetition: 1,
    verdict: 'fail',
    unknownReason: null,
    attempts: [attempt],
    durationMs: attempt.durationMs,
    evidence: folder,
  };
  return { result, folder, evidence, verdict };
}

function plainEvidence(scenario: string): PlainEvidence {
  const output = { bytes: 40, sha256: SHA };
  const plan = v.parse(plainPlanSchema, {
    schema: 1,
    scenario,
    claim: CLAIM,
    source: { passage: 'HOWTO, Disconnecting', requires: 'the end of a stream is not the end of a message' },
    variant: 'fault',
    seed: '7',
    cell: 'local',
    proxy: 'wire',
    server: 'plain-server',
    client: 'plain-client',
    faults: [{ id: 'f1', kind: 'fin', direction: 'downstream', at: 12 }],
    scenarioFaults: [['f1']],
    limits: { startMs: 5000, exchangeMs: 3000, settleMs: 1000, graceMs: 3000 },
    waitsMs: 0,
    plain: {
      client: { expect: 'whole-or-told', succeedsWith: [0], failsWith: null, output: 'same', answer: 'whole' },
      control: { evidence: 'control/1', output, least: { connections: 1, upstreamBytes: 20, downstreamBytes: 40 } },
    },
  });
  const delivered = { earliestMs: 120, latestMs: 120, count: 1, grade: 'self', proof: 'cut at byte 12' } as const;
  const stamped = { asked: { atMs: 6, request: 'POST /toxics' }, acknowledged: { atMs: 7, answer: '200 OK' } };
  return {
    plan,
    records: [
      { kind: 'origin', atMs: 0, monotonicMicros: 0 },
      { kind: 'spawned', atMs: 1, role: 'server', pid: 4711, command: ['./server', '4000'] },
      ...round('fault', 100, 12),
      ...round('after', 400, 40),
      { kind: 'signalled', atMs: 880, role: 'server', signal: 'SIGKILL', why: 'cleanup' },
      { kind: 'exited', atMs: 890, role: 'server', status: null, signal: 'SIGKILL' },
      { kind: 'finished', atMs: 900 },
    ],
    wire: WIRE.map((event, seq): WireEvent => ({ ...event, seq, atMs: 110 + 5 * seq })),
    receipts: [{ fault: 'f1', kind: 'fin', ...stamped, delivered, lifted: null, error: null }],
    damage: [],
  };
}

function round(name: 'fault' | 'after', fromMs: number, bytes: number): EvidenceRecord[] {
  return [
    { kind: 'round', atMs: fromMs, round: name },
    { kind: 'spawned', atMs: fromMs + 1, role: 'client', pid: 4712, command: ['./client', '4000'] },
    { kind: 'exited', atMs: fromMs + 40, role: 'client', status: 0, signal: null },
    { kind: 'output', atMs: fromMs + 41, round: name, bytes, sha256: SHA, begins: 'hello, world' },
  ];
}

const FLOW = { conn: 1, direction: 'downstream', offset: 0, bytes: 12 } as const;
const WIRE = [
  { kind: 'accepted', conn: 1, clientPort: 50_001 },
  { kind: 'dialed', conn: 1, localPort: 50_002 },
  { kind: 'read', ...FLOW },
  { kind: 'wrote', ...FLOW },
  { kind: 'effect', conn: 1, direction: 'downstream', toxic: 'f1', type: 'fin', effect: 'ended', offset: 12 },
  { kind: 'closed', conn: 1 },
] as const;
