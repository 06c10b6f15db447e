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

/** `| CON-07 ghost connection | what is missing, or why | … |` */
const REASON = /^\| ([A-Z]{3}-\d{2}) [^|]+ \| ([^|]+) \|/gm;
/** A word or two are no reason. */
const LEAST_REASON = 40;

const notCovered = await read('scenarios/NOT-COVERED.md');
const reasons = [...notCovered.matchAll(REASON)].map(([, id = '', why = '']) => ({ id, why }));

test('there are forty rows that must and twenty-five that should be shown, each once', () => {
  const counted = Map.groupBy(rows, ({ priority }) => priority);
  expect([counted.get('P0')?.length, counted.get('P1')?.length]).toEqual([40, 25]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(65);
});

/** Whether there is such a scenario, or a test with that very title: `file: title`. */
async function exists(name: string): Promise<boolean> {
  const at = name.indexOf(': ');
  if (at === -1) return ids.has(name);
  const text = await read(name.slice(0, at));
  const [before, after] = text.split(`'${name.slice(at + 2)}',`);
  return after !== undefined && /\(\s*$/.test(before ?? '');
}

test.for(rows)('$id is shown by something that exists, or says why it is not', async ({ id, shownBy, isOpen }) => {
  const why = reasons.find((reason) => reason.id === id)?.why ?? '';
  expect(isOpen ? why.length >= LEAST_REASON : shownBy.length > 0).toBe(true);
  expect(await Promise.all(shownBy.map(exists))).toEqual(shownBy.map(() => true));
});

test('a reason is given once, in a sentence, for rows that there are, and every row that is named has one', () => {
  expect(reasons.length).toBeGreaterThan(5);
  expect(reasons.filter(({ id, why }) => why.length < LEAST_REASON || !rows.some((row) => row.id === id))).toEqual([]);
  const named = [...notCovered.matchAll(/[A-Z]{3}-\d{2}/g)].map(([id]) => id);
  expect(named).toEqual(reasons.map(({ id }) => id));
});
