import { expect, test } from 'vitest';

import { byteStreams } from '../bytes/stream.ts';
import { claimsByConnection } from '../measure/claim-connections.ts';
import { renderCase } from '../render.ts';
import { casesOf } from '../cases.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import type { AttemptShape } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';
import { sampleSweep } from '../sample/sweep.ts';
import { bytesOfChecks, sweepPart } from './sweep-part.ts';

const attempt = sampleSweep(
  {
    scenario: 'a/b',
    claim: 'c',
    verdict: 'fail',
    checks: [{ outcome: 'fail', actual: 'client connection 3 received 0 bytes' }],
  },
  5,
);

function steps(): string[] {
  const { evidence, verdict } = attempt;
  const claims = claimsByConnection(verdict, (_, conn) => conn);
  const part = sweepPart(evidence, { claims, drawn: byteStreams(evidence), id: 'x:1' });
  return part?.text.match(/<a[^>]*>[\s\S]*?<\/a\s*>/g) ?? [];
}

test('each step of a sweep says whether every claim held on its connection, not only how it ended', () => {
  const told = steps().map((step) => /class="step v-(\w+)"/.exec(step)?.[1]);
  expect(told).toEqual(['pass', 'pass', 'fail', 'pass', 'pass']);
  expect(steps()[2]).toMatch(/#g-fail"[\s\S]*>13<[\s\S]*: a claim is broken</);
});

test('each step leads to the bytes of its connection, or to the instant of its fault', () => {
  const places = steps().map((step) => /href="([^"]*)"(?:\s+data-at="([^"]*)")?/.exec(step)?.slice(1, 3));
  expect(places.slice(0, 3)).toEqual([
    ['#x:1:downstream-1', undefined],
    ['#x:1', '151.000'],
    ['#x:1', '152.000'],
  ]);
});

test('a long strip on which every claim held is opened by its words; one on which a claim broke stands open', () => {
  const fold = (places: number, checks: NonNullable<AttemptShape['checks']>): string | undefined => {
    const { evidence, verdict } = sampleSweep({ scenario: 'a/b', claim: 'c', checks }, places);
    const claims = claimsByConnection(verdict, (_, conn) => conn);
    const part = sweepPart(evidence, { claims, drawn: [], id: 'x:1' });
    return /<summary>([^<]*)<\/summary>/.exec(part?.text ?? '')?.[1];
  };
  expect(fold(1_201, [])).toBe('Every claim held at each of 1,201 places');
  expect(fold(200, [])).toBeUndefined();
  expect(fold(1_201, [{ outcome: 'fail', actual: 'client connection 3 received 0 bytes' }])).toBeUndefined();
});

test('a check stands at the byte of the fault on the connection it names; where nothing is swept, at none', () => {
  const check = sampleAttempt({ scenario: 'a/b', claim: 'c' }).verdict.checks[0];
  if (check === undefined) throw new Error('no check');
  const named = { ...check, actual: 'client connection 1 received 0 bytes' };
  expect(bytesOfChecks(attempt.evidence)(named)).toBe(11);
  expect(bytesOfChecks(attempt.evidence)(check)).toBeNull();
  expect(bytesOfChecks(sampleAttempt({ scenario: 'a/b', claim: 'c' }).evidence)(named)).toBeNull();
});

test('the strip stands above the claims, and the table of many faults is folded away', async () => {
  const swept = sampleSweep({ scenario: 'a/b', claim: 'c' }, 12);
  const [each] = casesOf(sampleRun([swept.result]));
  if (each === undefined) throw new Error('no case');
  const { folder, evidence, verdict } = swept;
  const logs = { server: null, client: null };
  const page = await renderCase(each, '7', async () => ({ folder, evidence, verdict, logs, problems: [] }));
  const order = ['What happened', 'The sweep', 'Claims', 'Faults'].map((title) => page.indexOf(`<h2>${title}</h2>`));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  const [, faults] = /<h2>Faults<\/h2>\s*<details>\s*<summary>([^<]*)<\/summary>/.exec(page) ?? [];
  expect(faults).toBe('12 faults, all delivered as asked');
});
