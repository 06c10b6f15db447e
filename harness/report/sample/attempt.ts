/**
 * Test only: single attempts made of hand-written values, with evidence that looks as real evidence does.
 */
import * as v from 'valibot';

import { paramsSchema } from '../../contract/params.ts';
import type { ParamsInput } from '../../contract/params.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { attemptFolder } from '../../evidence/folder.ts';
import { planSchema } from '../../evidence/plan.ts';
import type { Plan } from '../../evidence/plan.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import type { Result } from '../../evidence/run.ts';
import type { Check, Verdict, VerdictWord } from '../../evidence/verdict.ts';
import type { FaultInput } from '../../scenario/fault.ts';
import { Exchange } from './exchange.ts';

/** What a sample attempt is to look like. */
export interface AttemptShape {
  readonly scenario: string;
  readonly claim: string;
  readonly client?: string;
  readonly server?: string;
  readonly variant?: 'fault' | 'control';
  readonly params?: ParamsInput;
  readonly fault?: Record<string, unknown> & { kind: FaultInput['kind'] };
  /** The fault bites after this many echoes; never, if the fault is left out. */
  readonly echoes?: number;
  /** The client's failure, this long after the fault. */
  readonly failure?: { readonly code: 'timeout' | 'reset' | 'truncated' | 'dead-peer'; readonly afterMs: number };
  readonly delivered?: boolean;
  readonly verdict?: VerdictWord;
  readonly reason?: string;
  readonly checks?: readonly Partial<Check>[];
}

export function samplePlan(shape: AttemptShape): Plan {
  const { scenario, claim, client = 'node', server = 'node', variant = 'fault', params = {}, fault } = shape;
  return v.parse(planSchema, {
    schema: 1,
    scenario,
    claim,
    source: {
      passage: 'HOWTO, Disconnecting',
      requires: 'a reader that is told nothing must not wait for ever for bytes that will not come',
    },
    variant,
    seed: '7',
    cell: 'local',
    proxy: 'wire',
    server,
    client,
    workload: 'echo',
    params: v.parse(paramsSchema, { messages: 8, seed: '7', ...params }),
    faults: fault === undefined ? [] : [{ id: 'f1', direction: 'downstream', at: 4112, ...fault }],
    scenarioFaults: fault === undefined ? [] : [['f1']],
    seen: [{ role: 'client', event: 'received', atLeast: 1 }],
    expect: [
      {
        kind: 'fails',
        role: 'client',
        codes: ['timeout'],
        within: { from: { mark: 'fault', index: 0 }, atLeastMs: 1000, atMostMs: 1000 },
      },
    ],
    limits: { startMs: 5000, exchangeMs: 3000, settleMs: 1000, graceMs: 3000 },
    waitsMs: 1000,
  });
}

/** An echo exchange that goes well until the fault, and then as the shape says. */
export function sampleEvidence(shape: AttemptShape, seed = 1): Evidence {
  const plan = samplePlan(shape);
  const exchange = new Exchange(plan.params, seed);
  const { recorder } = exchange;
  const asked = exchange.start();
  exchange.connect();
  const effectMs = converse(exchange, shape);
  if (shape.failure === undefined) {
    exchange.close();
  } else {
    recorder.atMs = (effectMs ?? recorder.atMs) + shape.failure.afterMs;
    exchange.fail(shape.failure.code);
  }
  exchange.finish();
  const receipts =
    shape.fault === undefined ? [] : [receiptFor(shape.fault.kind, asked, effectMs, exchange.offsets.downstream)];
  return { plan, records: recorder.records, wire: recorder.wire, receipts, damage: [] };
}

/** Gives the instant of the fault's effect, or null where it had none. */
function converse(exchange: Exchange, { echoes, fault, delivered }: AttemptShape): number | null {
  for (let seq = 0; seq < exchange.params.messages; seq += 1) {
    exchange.request(seq);
    if (seq === echoes && fault !== undefined && delivered !== false)
      return exchange.swallowReply(seq, 'f1', fault.kind);
    exchange.reply(seq);
  }
  return null;
}

function receiptFor(
  kind: string,
  { askedMs, acknowledgedMs }: ReturnType<Exchange['start']>,
  effectMs: number | null,
  offset: number,
): Receipt {
  const proof = `1 effect of f1, the first at byte ${offset} downstream`;
  return {
    fault: 'f1',
    kind,
    asked: { atMs: askedMs, request: `POST /proxies/cell/toxics {"type":"${kind}"}` },
    acknowledged: { atMs: acknowledgedMs, answer: '200 OK' },
    delivered: effectMs === null ? null : { earliestMs: effectMs, latestMs: effectMs, count: 1, grade: 'self', proof },
    lifted: null,
    error: null,
  };
}

export function sampleVerdict(shape: AttemptShape): Verdict {
  const usual: Check = {
    name: 'integrity',
    outcome: 'pass',
    statement: 'what a side received is a prefix of what the other sent',
    expected: 'a prefix of 8 messages of 1,024 bytes on connection 1, both ways',
    actual: '8 messages at the server and 4 at the client, all whole and in order',
    measured: null,
    atMs: null,
    dependsOnFault: false,
    unknownReason: null,
  };
  return {
    schema: 1,
    verdict: shape.verdict ?? 'pass',
    reason: shape.reason ?? 'every check passed',
    unknownReason: shape.verdict === 'unknown' ? 'fault-not-delivered' : null,
    checks: (shape.checks ?? [{}]).map((check) => ({ ...usual, ...check })),
    toleranceMs: 41.5,
    longestStallMs: 3.1,
  };
}

/** One attempt with everything that stands in its folder. */
export interface SampleAttempt {
  readonly result: Result;
  readonly folder: string;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

export function sampleAttempt(shape: AttemptShape, seed = 1): SampleAttempt {
  const evidence = sampleEvidence(shape, seed);
  const verdict = sampleVerdict(shape);
  const { scenario, claim, cell, proxy, server, client, variant, waitsMs } = evidence.plan;
  const folder = attemptFolder(evidence.plan, 1, 1);
  const durationMs = Math.round(evidence.records.at(-1)?.atMs ?? 0);
  const result: Result = {
    scenario,
    claim,
    cell,
    proxy,
    server,
    client,
    variant,
    waitsMs,
    durationMs,
    repetition: 1,
    verdict: verdict.verdict,
    reason: verdict.reason,
    unknownReason: verdict.unknownReason,
    attempts: [{ verdict: verdict.verdict, reason: verdict.reason, evidence: folder, durationMs }],
    evidence: folder,
    ...encountersOf(shape),
  };
  return { result, folder, evidence, verdict };
}

/** What the judge would have measured of a failure. */
function encountersOf({ fault, failure }: AttemptShape): Pick<Result, 'encounters'> {
  if (fault === undefined || failure === undefined) return {};
  const { afterMs } = failure;
  const times = { noticedMs: afterMs, releasedMs: afterMs + 1 };
  return { encounters: [{ role: 'client', death: 'silence', connections: 1, unnoticed: 0, ...times }] };
}
