/**
 * The tables and lists of the pages say what the code says: letters, keys, addresses, statuses.
 */
import { expect, test } from 'vitest';

import { PAGES } from '../harness/cli/help.ts';
import { writeHash } from '../harness/report/browser/hash-state.ts';
import { PAGE_KEYS } from '../harness/report/browser/page-keys.ts';
import { TIMELINE_KEYS } from '../harness/report/browser/timeline-gestures.ts';
import { VERDICT_FACES } from '../harness/report/text/verdict-word.ts';
import { readPage, spansOf } from './shown.ts';

/** The rows of the table below a heading row, cell by cell. */
async function rowsBelow(page: string, heading: string): Promise<string[][]> {
  const lines = (await readPage(page)).split('\n');
  const from = lines.indexOf(heading) + 2;
  const rows = lines.slice(from, lines.indexOf('', from));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

const section = async (page: string, title: string): Promise<string> =>
  (await readPage(page)).split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? '';

test('reading-the-report.md has each verdict with its letter, and what it means', async () => {
  const rows = await rowsBelow('reading-the-report.md', '| letter | verdict | means |');
  const said = rows.map(([letter = '', verdict = '', means = '']) => ({
    letter,
    verdict,
    means: means.split(': ')[0],
  }));
  const faces = Object.entries(VERDICT_FACES).map(([verdict, { letter, meaning }]) => ({
    letter,
    verdict,
    means: meaning,
  }));
  const byVerdict = (one: { verdict: string }, other: { verdict: string }) => one.verdict.localeCompare(other.verdict);
  expect(said.toSorted(byVerdict)).toEqual(faces.toSorted(byVerdict));
});

test('reading-the-report.md has each key of the page and of a time line, and no other', async () => {
  const rows = await rowsBelow('reading-the-report.md', '| key | what it does |');
  const said = rows.flatMap(([keys = '']) => spansOf(keys));
  expect(said.toSorted()).toEqual([...Object.values(PAGE_KEYS), ...Object.keys(TIMELINE_KEYS)].toSorted());
});

test('reading-the-report.md has each part that an address can have', async () => {
  const said = spansOf(await section('reading-the-report.md', 'Keys and addresses')).flatMap(
    (span) =>
      /^(?:(:)2|&?([a-z]+)=)$/
        .exec(span)
        ?.slice(1)
        .filter((part) => part !== undefined) ?? [],
  );
  const filter = { text: 'a', verdicts: ['b'], fault: 'c', behaviour: 'd', tag: 'e' };
  const whole = writeHash({ page: 'x', attempt: 2, part: '', stretch: [1, 2], event: 3, filter });
  const parts = whole.match(/:(?=2)|(?<=&)[a-z]+(?==)/g) ?? [];
  expect(said.toSorted()).toEqual(parts.toSorted());
});

test('in-ci.md has each status that a run ends with', async () => {
  const rows = await rowsBelow('in-ci.md', '| status | meaning |');
  const run = PAGES.find(({ verb }) => verb === 'run');
  expect(rows.map(([status]) => status)).toEqual(run?.exits.map(([status]) => String(status)));
});
