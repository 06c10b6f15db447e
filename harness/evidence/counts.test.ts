import { expect, test } from 'vitest';

import { countVerdicts } from './counts.ts';
import { VERDICTS } from './verdict.ts';

test('each verdict is counted, and those that nothing came to are 0', () => {
  const counts = countVerdicts([{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'pass' }]);
  expect(counts).toMatchObject({ pass: 2, fail: 1, unknown: 0, 'not-run': 0 });
  expect(Object.keys(counts).sort()).toEqual([...VERDICTS].sort());
});

test('no results are no verdicts', () => {
  expect(Object.values(countVerdicts([])).every((count) => count === 0)).toBe(true);
});
