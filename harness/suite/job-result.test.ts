import { expect, test } from 'vitest';

import { unjudged } from '../evidence/unjudged.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { loadCatalogue } from './catalogue.ts';
import { makeJobs } from './job.ts';
import { Tries } from './job-result.ts';
import { select } from './select.ts';
import type { KnownSubject } from './subjects.ts';

const none: KnownSubject = { name: 'none', origin: 'user', command: ['false'] };
const [job] = makeJobs({
  entries: select(await loadCatalogue(), ['a-clean-exchange-is-clean']),
  servers: [none],
  clients: [none],
  seed: 's',
  cell: 'local',
  proxy: 'wire',
  repeat: 1,
  missing: new Map(),
});

const STALLED: Verdict = unjudged({ verdict: 'unknown', reason: 'the host stalled', unknownReason: 'host-stalled' });
const FAILED: Verdict = unjudged({ verdict: 'fail', reason: 'it hung', unknownReason: null });

function triesOfJob(): Tries {
  if (job === undefined) throw new Error('there is no job');
  return new Tries(job);
}

test('what proved nothing is tried again, and takes the time of its attempts, not that between them', () => {
  const tries = triesOfJob();
  expect(tries.note({ verdict: STALLED, evidence: 'a/1', waitsMs: 0 }, 20.04)).toBeNull();
  expect(tries.next).toBe(2);
  const outcome = tries.note({ verdict: FAILED, evidence: 'a/2', waitsMs: 0 }, 30);
  expect(outcome?.verdict).toBe(FAILED);
  expect(outcome?.result).toMatchObject({
    verdict: 'fail',
    reason: 'it hung',
    evidence: 'a/2',
    attempts: [
      { verdict: 'unknown', reason: 'the host stalled', evidence: 'a/1', durationMs: 20 },
      { verdict: 'fail', reason: 'it hung', evidence: 'a/2', durationMs: 30 },
    ],
    durationMs: 50,
  });
});

test('what proves nothing three times is unknown', () => {
  const tries = triesOfJob();
  const outcomes = [1, 2, 3].map((each) => tries.note({ verdict: STALLED, evidence: `a/${each}`, waitsMs: 0 }, 1));
  expect(outcomes.map((outcome) => outcome?.result.verdict ?? null)).toEqual([null, null, 'unknown']);
  expect(outcomes.at(-1)?.result.unknownReason).toBe('host-stalled');
});

test('a fail is never tried again', () => {
  expect(triesOfJob().note({ verdict: FAILED, evidence: 'a/1', waitsMs: 0 }, 1)?.result.attempts).toHaveLength(1);
});
