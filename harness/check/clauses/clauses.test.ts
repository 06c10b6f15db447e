import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { CLAUSES } from '../catalogue.ts';
import { RULES } from '../rules.ts';
import { FIRST_LOOKS } from './first-look.ts';

const ALL = [...Object.values(FIRST_LOOKS), ...CLAUSES, ...RULES];

test('no two clauses have the same id, which is what --only takes', () => {
  const ids = ALL.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every clause names a passage that the published contract has', async () => {
  const contract = await readFile(new URL('../../../docs/contract.md', import.meta.url), 'utf8');
  const headings = [...contract.matchAll(/^(?:## (.+)|\*\*(\w+)[.*])/gm)].map(([, heading, bold]) => heading ?? bold);
  const unknown = ALL.filter(({ passage }) => !headings.includes(passage)).map(({ id, passage }) => ({ id, passage }));
  expect(unknown).toEqual([]);
});

test('a clause of a role says so in its id', () => {
  expect(CLAUSES.filter(({ id, role }) => role !== null && !id.startsWith(`${role}/`))).toEqual([]);
});
