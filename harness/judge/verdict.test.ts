import { describe, expect, test } from 'vitest';

import type { Check } from '../evidence/verdict.ts';
import { conclude } from './verdict.ts';
import type { Grounds } from './verdict.ts';

const check = (outcome: Check['outcome'], more: Partial<Check> = {}): Check => ({
  name: 'settled',
  outcome,
  statement: 'It ends.',
  expected: 'an end',
  actual: 'none',
  measured: null,
  atMs: null,
  dependsOnFault: false,
  unknownReason: outcome === 'unknown' ? 'host-stalled' : null,
  ...more,
});

const verdictOf = (grounds: Partial<Grounds>) =>
  conclude({ checks: [], prevented: null, unsupported: null, faultsDelivered: true, ...grounds });

const interrupted = { verdict: 'interrupted', reason: 'by SIGINT' } as const;
const unsupported = { verdict: 'unsupported', reason: 'it said so' } as const;

describe('of one scenario the first verdict that applies', () => {
  test.each([
    ['an interruption outranks a fail', { prevented: interrupted, checks: [check('fail')] }, 'interrupted'],
    ['a fail outranks an unknown', { checks: [check('unknown'), check('fail')] }, 'fail'],
    ['an unknown outranks unsupported', { checks: [check('unknown')], unsupported }, 'unknown'],
    ['unsupported outranks a pass', { checks: [check('pass')], unsupported }, 'unsupported'],
    ['all that was checked held', { checks: [check('pass'), check('not-checked')] }, 'pass'],
  ] as const)('%s', (_title, grounds, verdict) => {
    expect(verdictOf(grounds).verdict).toBe(verdict);
  });

  test('a breach that does not depend on the fault fails without receipt', () => {
    expect(verdictOf({ checks: [check('fail')], faultsDelivered: false }).verdict).toBe('fail');
  });

  test('a breach that does depend on it is unknown without receipt, and a fail with it', () => {
    const checks = [check('fail', { dependsOnFault: true })];
    expect(verdictOf({ checks, faultsDelivered: false })).toMatchObject({
      verdict: 'unknown',
      unknownReason: 'fault-not-delivered',
    });
    expect(verdictOf({ checks, faultsDelivered: true }).verdict).toBe('fail');
  });

  test('a breach that depends on a fault that came too early is unknown, any other a fail', () => {
    const unseen = check('unknown', { unknownReason: 'precondition-not-seen' });
    const checks = [check('fail', { dependsOnFault: true }), unseen];
    expect(verdictOf({ checks })).toMatchObject({ verdict: 'unknown', unknownReason: 'precondition-not-seen' });
    expect(verdictOf({ checks: [...checks, check('fail')] }).verdict).toBe('fail');
  });

  test('an unknown keeps its reason', () => {
    expect(verdictOf({ checks: [check('unknown', { unknownReason: 'lift-failed' })] }).unknownReason).toBe(
      'lift-failed',
    );
  });

  test('what was not looked at is never green', () => {
    expect(verdictOf({ checks: [] }).verdict).toBe('unknown');
    expect(verdictOf({ checks: [check('not-checked')] }).verdict).toBe('unknown');
  });

  test('the reason says what was expected and what came', () => {
    expect(verdictOf({ checks: [check('fail')] }).reason).toBe('settled: expected an end; none');
  });
});
