import { describe, expect, test } from 'vitest';

import { sha256 } from '../../contract/payload.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { sampleEvidence } from '../sample/attempt.ts';
import { distributionsOf, quantile } from './latency.ts';

const swallowed = sampleEvidence({
  scenario: 'a/b',
  claim: 'c',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
});

test('an operation that timed out counts as one that took at least that long', () => {
  const [before, during, ...others] = distributionsOf(swallowed, null);
  expect(others).toEqual([]);
  expect(before).toMatchObject({ phase: 'before', censored: 0 });
  expect(before?.samples).toHaveLength(4);
  expect(during).toMatchObject({ phase: 'during', censored: 1 });
  expect(during?.samples).toHaveLength(1);
  const longest = quantile(during?.samples ?? [], 1);
  expect(longest.atLeast).toBe(true);
  expect(longest.valueMs).toBeGreaterThanOrEqual(1003);
});

describe('what came in place of the echo ends no operation', () => {
  const shape = { scenario: 'a/b', claim: 'c', params: { messages: 3 } };
  const whole = sampleEvidence(shape);
  const isSecond = (record: Evidence['records'][number]): boolean =>
    record.kind === 'event' && record.role === 'client' && record.event.event === 'received' && record.event.seq === 1;
  const told = (change: object) => {
    const records = whole.records.map((record) =>
      record.kind === 'event' && isSecond(record) ? { ...record, event: { ...record.event, ...change } } : record,
    );
    return distributionsOf({ ...whole, records }, null).map(({ samples, censored }) => [samples.length, censored]);
  };

  test('neither what is torn nor what is foreign; the whole one does', () => {
    expect(told({})).toEqual([[3, 0]]);
    expect(told({ bytes: 5, sha256: sha256(Buffer.alloc(5)) })).toEqual([[3, 1]]);
    expect(told({ sha256: sha256(Buffer.alloc(1024)) })).toEqual([[3, 1]]);
  });

  test('of an upload the reply is the digest of what was sent', () => {
    const sent = 'a'.repeat(64);
    const upload = (reply: string): Evidence => ({
      ...whole,
      plan: { ...whole.plan, workload: 'upload' },
      records: whole.records.flatMap((record) => {
        if (record.kind !== 'event' || !('seq' in record.event)) return [record];
        if (record.role !== 'client' || record.event.seq !== 0) return [];
        const digest = record.event.event === 'sending' ? sent : sha256(Buffer.from(reply));
        return [{ ...record, event: { ...record.event, sha256: digest } }];
      }) as Evidence['records'],
    });
    expect(distributionsOf(upload(sent), null)[0]).toMatchObject({ censored: 0 });
    expect(distributionsOf(upload('b'.repeat(64)), null)[0]).toMatchObject({ censored: 1 });
  });
});

test('what began once the last fault was lifted is after it', () => {
  const [receipt] = swallowed.receipts;
  if (receipt === undefined) throw new Error('no receipt');
  const atMs = receipt.delivered?.earliestMs ?? 0;
  const lifted = { askedAtMs: atMs - 50, acknowledgedAtMs: atMs - 50 };
  const evidence = { ...swallowed, receipts: [{ ...receipt, lifted }] };
  expect(distributionsOf(evidence, null).map(({ phase, samples }) => [phase, samples.length])).toEqual([
    ['before', 4],
    ['after', 1],
  ]);
});

test('a quantile is the nearest rank, and a bound from the first operation on that never ended', () => {
  const samples = [30, 10, 20, 40].map((tookMs) => ({ startMs: 0, tookMs, censored: tookMs === 30 }));
  expect(quantile(samples, 0.5)).toEqual({ valueMs: 20, atLeast: false });
  expect(quantile(samples, 0.75)).toEqual({ valueMs: 30, atLeast: true });
  expect(quantile(samples, 1)).toEqual({ valueMs: 40, atLeast: true });
});
