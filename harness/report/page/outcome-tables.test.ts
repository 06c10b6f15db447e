import { expect, test } from 'vitest';

import { sampleAttempt } from '../sample/attempt.ts';
import { detectionTable } from './outcome-tables.ts';

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
