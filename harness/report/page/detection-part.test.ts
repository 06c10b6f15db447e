import { expect, test } from 'vitest';

import { detectionTable } from '../../evidence/detection.ts';
import type { Encounter } from '../../evidence/detection.ts';
import { casesOf } from '../cases.ts';
import { sampleAttempt } from '../sample/attempt.ts';
import { sampleRun } from '../sample/run.ts';
import { detectionPart } from './detection-part.ts';

const met = (name: string, noticedMs: number | null, unnoticed = 0) => {
  const encounter: Encounter = {
    role: 'client',
    death: 'freeze',
    connections: 1,
    unnoticed,
    noticedMs,
    releasedMs: null,
    servedMs: null,
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
  expect(words(told)).toBe('3,899.4 ms median 598.5 ms, shortest 224.0 ms, 3 ×');
  expect(told).toContain('href="#dead-peer/never/local-wire/node+node"');
});

test('a death that nobody told of is worse than any that took long', () => {
  const told = cell([met('long', 3899.4), met('untold', null, 1)]);
  expect(words(told)).toBe('no failure 1 of 2 × else 3,899.4 ms');
  expect(told).toContain('href="#dead-peer/untold/local-wire/node+node"');
});
