import { describe, expect, test } from 'vitest';

import { cleanExchange } from './history.ts';
import { judge } from './judge.ts';

describe('the judge', () => {
  test('a clean exchange passes', () => {
    const verdict = judge(cleanExchange().evidence());
    expect(verdict.checks.filter((check) => check.outcome === 'fail' || check.outcome === 'unknown')).toEqual([]);
    expect(verdict.verdict).toBe('pass');
  });
});
