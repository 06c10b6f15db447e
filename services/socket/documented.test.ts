import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FILES = globSync('**/*.ts', { cwd: HERE }).filter((file) => !file.endsWith('.test.ts'));

/** What each file gives to others, with the line before it. */
const EXPORTS = FILES.flatMap((file) => {
  const lines = readFileSync(`${HERE}${file}`, 'utf8').split('\n');
  return lines.flatMap((line, at) =>
    /^export (async |abstract )?(function|class|const|interface|type) /.test(line)
      ? [{ file, line, before: lines[at - 1] ?? '' }]
      : [],
  );
});

test('whatever is exported says what it is', () => {
  expect(EXPORTS.length).toBeGreaterThan(60);
  expect(EXPORTS.filter(({ before }) => !before.endsWith('*/'))).toEqual([]);
});
