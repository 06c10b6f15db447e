/**
 * Every row of the catalogue of failures is accounted for: by scenarios that exist, by a test that exists, or by a reason.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { loadCatalogue } from '../harness/suite/catalogue.ts';

const ROOT = new URL('..', import.meta.url);
const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, ROOT)), 'utf8');

/** `| FRM-01 | P0 | what fails | by whom it is shown |` */
const ROW = /^\| ([A-Z]{3}-\d{2}) \| (P[01]) \| [^|]+ \| ([^|]+) \|$/gm;

const rows = [...(await read('scenarios/ROWS.md')).matchAll(ROW)].map(([, id = '', priority = '', by = '']) => ({
  id,
  priority,
  shownBy: [...by.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  isOpen: by.includes('not covered'),
}));
const ids = new Set((await loadCatalogue()).map((entry) => entry.id));
const reasons = await read('scenarios/NOT-COVERED.md');

test('there are forty rows that must and twenty-five that should be shown, each once', () => {
  const counted = Map.groupBy(rows, ({ priority }) => priority);
  expect([counted.get('P0')?.length, counted.get('P1')?.length]).toEqual([40, 25]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(65);
});

/** Whether there is such a scenario, or such a test: `file: title`. */
async function exists(name: string): Promise<boolean> {
  const [file = '', title] = name.split(': ');
  return title === undefined ? ids.has(name) : (await read(file)).includes(title);
}

test.for(rows)('$id is shown by something that exists, or says why it is not', async ({ id, shownBy, isOpen }) => {
  expect(isOpen ? reasons.includes(id) : shownBy.length > 0).toBe(true);
  expect(await Promise.all(shownBy.map(exists))).toEqual(shownBy.map(() => true));
});

test('a reason is given for rows that there are', () => {
  const named = [...reasons.matchAll(/[A-Z]{3}-\d{2}/g)].map(([id]) => id);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});
