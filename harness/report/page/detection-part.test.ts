import { expect, test } from 'vitest';

import { detectionTable } from '../../evidence/detection.ts';
import type { Encounter } from '../../evidence/detection.ts';
import { casesOf } from '../cases.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';
import { detectionPart } from './detection-part.ts';

const met = (name: string, noticedMs: number | null, after: Partial<Encounter> = {}) => {
  const encounter: Encounter = {
    role: 'client',
    death: 'freeze',
    connections: 1,
    unnoticed: noticedMs === null ? 1 : 0,
    noticedMs,
    releasedMs: noticedMs,
    ...after,
  };
  return { ...sampleAttempt({ scenario: `dead-peer/${name}`, claim: name }).result, encounters: [encounter] };
};

function cell(results: readonly ReturnType<typeof met>[]): string {
  const part = detectionPart(detectionTable(results), casesOf(sampleRun(results)));
  return /<td data-head="frozen"[^>]*>([\s\S]*?)<\/td>/.exec(part?.text ?? '')?.[1] ?? '';
}
const words = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

test('the longest leads, to its case: one that never notices looks like no other', () => {
  const told = cell([met('brief', 224), met('never', 3899.4), met('usual', 598.5)]);
  expect(words(told)).toBe('3,899.4 ms median 598.5 ms, shortest 224.0 ms, 3 × released 598.5 ms');
  expect(told).toContain('href="#dead-peer/never/local-wire/node+node"');
});

test('a death that nobody told of is worse than any that took long', () => {
  const told = cell([met('long', 3899.4), met('untold', null, { releasedMs: 9 })]);
  expect(words(told)).toBe('no failure 1 of 2 × else 3,899.4 ms released 9.0 ms');
  expect(told).toContain('href="#dead-peer/untold/local-wire/node+node"');
});

test('what never came is said beside what did', () => {
  const times = [20, null, null, null].map((servedMs, index) => met(`n${index}`, 4, { releasedMs: 5, servedMs }));
  expect(words(cell(times))).toBe(
    '4.0 ms median 4.0 ms, shortest 4.0 ms, 4 × released 5.0 ms serves again 20.0 ms, not in 3 of 4',
  );
  const never = met('never', null, { releasedMs: null, servedMs: null });
  expect(words(cell([never]))).toBe('no failure reported 1 × never released, 1 × never serves again, 1 ×');
  expect(words(cell([met('brief', 4), never, { ...never, repetition: 2 }]))).toBe(
    'no failure 2 of 3 × else 4.0 ms released 4.0 ms, not in 2 of 3 never serves again, 2 ×',
  );
});

test('where no service was due nothing is said of it', () => {
  expect(words(cell([met('killed', 4)]))).toBe('4.0 ms released 4.0 ms');
});
