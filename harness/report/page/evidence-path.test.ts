import { expect, test } from 'vitest';

import { evidencePath } from './evidence-path.ts';

test('whatever a folder is called, the way to its files can be written', () => {
  expect(evidencePath('scenarios/a b/#1', 'plan.json')).toBe('scenarios/a%20b/%231/plan.json');
  // Half of a character is none that a file system or a URL could name.
  expect(evidencePath('scenarios/\ud800', 'plan.json')).toBe('scenarios/%EF%BF%BD/plan.json');
});
