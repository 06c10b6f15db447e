import { expect, test } from 'vitest';

import { byteStreams } from '../bytes/stream.ts';
import { claimsByConnection } from '../measure/claim-connections.ts';
import { sampleSweep } from '../sample/sweep.ts';
import { sweepPart } from './sweep-part.ts';

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
  const part = sweepPart(evidence, { claims, streams: byteStreams(evidence), id: 'x:1' });
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
