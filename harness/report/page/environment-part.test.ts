import { expect, test } from 'vitest';

import { environmentPart, environmentWords } from './environment-part.ts';

test('each fact has its name, and what lies deep in it is left to the file', () => {
  expect(environmentWords({ node: 'v24', images: { nodeServer: { memoryBytes: 2 ** 30 } }, swept: [] })).toEqual([
    ['node', 'v24'],
    ['images, node server, memory', '1.0 GiB'],
  ]);
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
  expect(environmentWords({ node: 'v24', deep })).toEqual([
    ['node', 'v24'],
    ['deep, a, a, a, a', 'more, in environment.json'],
  ]);
  expect(environmentPart({ node: 'v24', deep })?.text).toContain('v24');
});
