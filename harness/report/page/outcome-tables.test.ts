import { expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import { detectionTable, latencyTable } from './outcome-tables.ts';

const LAST_MS = 1_000_000;

function goodAgain(liftedMs: number | null, timing: { forMs?: number } = { forMs: 50 }): string {
  const { evidence } = sampleAttempt({
    scenario: 'dead-peer/silent-server',
    claim: 'a silent server is noticed',
    fault: { kind: 'hold', ...timing },
    echoes: 4,
  });
  const lifted = liftedMs === null ? null : { askedAtMs: liftedMs, acknowledgedAtMs: liftedMs };
  const receipts = evidence.receipts.map((receipt) => ({ ...receipt, lifted }));
  const table = detectionTable({ ...evidence, receipts }, 10);
  return /<td data-head="Good again after lifting"[^>]*>([^<]*)</.exec(table?.text ?? '')?.[1]?.trim() ?? '';
}

test('a fault that stayed is told apart from one that was lifted and left nothing to come', () => {
  expect(goodAgain(0)).toMatch(/^\d+\.\d ms$/);
  expect(goodAgain(LAST_MS)).toBe('nothing came');
  expect(goodAgain(null)).toBe('not lifted');
  expect(goodAgain(LAST_MS, {}), 'what is lifted to tidy up stayed').toBe('not lifted');
});

test('what never ended is counted, and its time is a bound', () => {
  const { evidence } = sampleAttempt({
    scenario: 'dead-peer/silent-server',
    claim: 'a silent server is noticed',
    fault: { kind: 'swallow' },
    echoes: 4,
    failure: { code: 'timeout', afterMs: 1003 },
  });
  const text = latencyTable(evidence, null)?.text ?? '';
  const rows = [...text.matchAll(/<tr>\s*<th scope="row"[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s{2,}/),
  );
  const [before, during] = rows;
  expect(before?.slice(0, 3)).toEqual(['before', '4', '0']);
  expect(before?.at(-1)).toMatch(/^\d\.\d ms$/);
  expect(during?.slice(0, 3)).toEqual(['during', '1', '1']);
  expect(during?.at(-1)).toMatch(/^≥ 1,00\d\.\d ms$/);
  expect(text).toContain('never ended');
});
