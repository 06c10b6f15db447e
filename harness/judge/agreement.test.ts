import { describe, expect, test } from 'vitest';

import type { Evidence } from '../evidence/evidence.ts';
import type { PlannedFault } from '../scenario/fault.ts';
import { soundReceipts } from './agreement.ts';
import { cleanExchange } from './history.ts';
import { judge } from './judge.ts';

const pieces: PlannedFault = {
  id: 'f1',
  kind: 'fragment',
  direction: 'downstream',
  every: 1,
  gapMs: 0,
  when: { on: 'before-connect' },
};

const evidence = cleanExchange({ faults: [pieces] })
  .bites(1, 'f1', 'downstream', 'split')
  .evidence();
const [receipt] = evidence.receipts;
if (receipt?.delivered == null) throw new Error('the story has no delivered fault');
const { delivered } = receipt;

describe('plan and receipts belong together', () => {
  test('one receipt for the one fault is good', () => {
    expect(judge(evidence).verdict).toBe('pass');
  });

  const incomplete: readonly [string, Partial<Evidence>, RegExp][] = [
    ['a fault without a receipt', { receipts: [] }, /no receipt for f1/],
    ['a fault with two', { receipts: [receipt, receipt] }, /two receipts for f1/],
    ['a receipt of another fault', { receipts: [receipt, { ...receipt, fault: 'f9' }] }, /f9, which the plan/],
    ['a receipt of another kind', { receipts: [{ ...receipt, kind: 'reset' }] }, /of reset/],
    ['a plan that expects nothing', { plan: { ...evidence.plan, expect: [] } }, /expects nothing/],
    ['a fault that the scenario does not have', { plan: { ...evidence.plan, scenarioFaults: [] } }, /became none/],
    ['a fault named twice', { plan: { ...evidence.plan, scenarioFaults: [['f1'], ['f1']] } }, /became f1, f1/],
    ['a fault that was left out', { plan: { ...evidence.plan, faults: [] }, receipts: [] }, /the plan has none/],
  ];
  test.each(incomplete)('%s proves nothing', (_title, other, problem) => {
    const verdict = judge({ ...evidence, ...other });
    expect(verdict).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
    expect(verdict.reason).toMatch(problem);
  });

  test.each([
    ['no effect at all', { count: 0 }],
    ['no proof', { proof: ' ' }],
  ])('a delivery with %s is none', (_title, other) => {
    const receipts = [{ ...receipt, delivered: { ...delivered, ...other } }];
    expect(judge({ ...evidence, receipts })).toMatchObject({
      verdict: 'unknown',
      unknownReason: 'fault-not-delivered',
    });
  });

  test('two receipts for one fault prove neither', () => {
    expect(soundReceipts(evidence)).toEqual([receipt]);
    expect(soundReceipts({ ...evidence, receipts: [receipt, { ...receipt, delivered: null }] })).toEqual([]);
  });
});
