import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('every difference from Toxiproxy that is documented names a test that exists', () => {
  const page = readFileSync(`${ROOT}docs/differences-from-toxiproxy.md`, 'utf8');
  const tests = globSync(['harness/{proxy,run,suite}/**/*.test.ts'], { cwd: ROOT })
    .map((file) => readFileSync(`${ROOT}${file}`, 'utf8'))
    .join('\n');
  const [differences = '', costs] = page.split('\n## What it costs\n');
  expect(costs).toMatch(/npm run bench proxy/);
  const rows = differences
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Toxiproxy 2.12 |') && !line.startsWith('| What |'));
  const named = rows.map((row) => /`([^`]+)` \|$/.exec(row)?.[1]);
  expect(rows.length).toBeGreaterThan(40);
  const [introduction = ''] = page.split('\n## ');
  const inText = [...introduction.matchAll(/\(`([^`]+)`\)/g)].map(([, name]) => name);
  expect(inText.length).toBe(2);
  named.push(...inText);
  expect(named.filter((name) => name === undefined || !tests.includes(`'${name}'`))).toEqual([]);
});
