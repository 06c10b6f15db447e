/**
 * The tables and lists of the pages say what the code says: letters, keys, addresses, statuses.
 */
import { expect, test } from 'vitest';

import { PAGES } from '../harness/cli/help.ts';
import {
  plainAddressSchema,
  plainClientSchema,
  plainImageClientSchema,
  plainImageServerSchema,
  plainServerSchema,
} from '../harness/contract/plain-subject.ts';
import { VERDICTS } from '../harness/evidence/verdict.ts';
import { writeHash } from '../harness/report/browser/hash-state.ts';
import { PAGE_KEYS } from '../harness/report/browser/page-keys.ts';
import { TIMELINE_KEYS } from '../harness/report/browser/timeline-gestures.ts';
import { VERDICT_FACES } from '../harness/report/text/verdict-word.ts';
import { stepSchema } from '../harness/scenario/script.ts';
import { BUG_CLASSES } from '../harness/suite/bug-classes.ts';
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

test('concepts.md has each verdict', async () => {
  const rows = await rowsBelow('concepts.md', '| verdict | meaning |');
  expect(rows.map(([verdict = '']) => verdict).toSorted()).toEqual([...VERDICTS].toSorted());
});

/** The keys of a schema that a page has to tell: `plain` says which table it is. */
const keysOf = (...schemas: { readonly entries: object }[]): string[] =>
  [...new Set(schemas.flatMap(({ entries }) => Object.keys(entries)))].filter((key) => key !== 'plain').toSorted();

test.each([
  ['plain-subjects.md', '| key of a client | meaning | default |', keysOf(plainClientSchema)],
  ['plain-subjects.md', '| key of a server | meaning | default |', keysOf(plainServerSchema, plainAddressSchema)],
])('%s has below %s each key that such a subject may have', async (page, heading, keys) => {
  const rows = await rowsBelow(page, heading);
  const said = rows.flatMap(([key = '', meaning = '']) => [
    ...spansOf(key),
    ...(/(?<=or `)address(?=:)/.exec(meaning) ?? []),
  ]);
  expect(said.toSorted()).toEqual(keys);
});

test('in-docker.md has each key of a plain image that no plain command has', async () => {
  const rows = await rowsBelow('in-docker.md', '| key | meaning | default |');
  const images = keysOf(plainImageClientSchema.pipe[0], plainImageServerSchema.pipe[0]);
  const commands = new Set(keysOf(plainClientSchema, plainServerSchema));
  const said = rows.flatMap(([key = '']) => spansOf(key));
  // Told anew, for in an image they are the arguments behind its entry point, and what it is told.
  const anew = ['command', 'environment'];
  expect(said.toSorted()).toEqual([...images.filter((key) => !commands.has(key)), ...anew].toSorted());
});

test('can-it-be-trusted.md says how many classes of bugs there are', async () => {
  expect(BUG_CLASSES).toHaveLength(12);
  expect(await readPage('can-it-be-trusted.md')).toContain('one of twelve classes');
});

test('write-a-scenario.md has each step of a script', async () => {
  const rows = await rowsBelow('write-a-scenario.md', '| step | what the peer does |');
  const steps = stepSchema.options.map(({ entries }) => entries.do.literal);
  expect(rows.flatMap(([names = '']) => spansOf(names)).toSorted()).toEqual([...steps].toSorted());
});
