import { readFile } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { HELP, OVERVIEW, PAGES } from './help.ts';
import type { HelpPage } from './help/page.ts';

/** The files that read a verb's flags. */
const READERS: Readonly<Record<string, string>> = { proxy: '../proxy/options.ts' };

/** The flags that a verb takes, from the source that reads them. */
async function flagsTaken(verb: string): Promise<string[]> {
  const source = await readFile(new URL(READERS[verb] ?? `${verb}.ts`, import.meta.url), 'utf8');
  const options = [...source.matchAll(/'?([a-z-]+)'?: \{ type: '(?:string|boolean)'/g)].map(([, name = '']) => name);
  // Asking for help is no flag of a verb's own.
  const read = [...source.matchAll(/(?:flags\.get|isOn)\('([a-z-]{2,})'\)/g)].map(([, name = '']) => name);
  const own = verb === 'proxy' ? read.filter((name) => name !== 'help') : options;
  return [...new Set(own)].map((name) => `--${name}`).sort();
}

const flagsTold = ({ options }: HelpPage): string[] =>
  options.map(({ flag }) => /^--[a-z-]+/.exec(flag)?.[0] ?? flag).sort();

describe.each(PAGES.map((page) => [page.verb, page] as const))('halfopen %s --help', (verb, page) => {
  test('tells every flag that the verb takes, and no other', async () => {
    expect(flagsTold(page)).toEqual(await flagsTaken(verb));
  });

  test('shows only flags in its examples and synopsis that it tells', () => {
    const shown = [...page.examples.map(([line]) => line), ...page.synopsis].flatMap(
      (line) => line.match(/--[a-z-]+/g) ?? [],
    );
    expect(flagsTold(page)).toEqual(expect.arrayContaining([...new Set(shown)]));
    for (const [line] of page.examples) expect(line.split(' ')[0]).toBe(verb);
  });

  test('has all that a page of a manual has, in 80 columns', () => {
    const text = HELP[verb] ?? '';
    for (const title of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'EXAMPLES'])
      expect(text).toMatch(new RegExp(`^${title}$`, 'm'));
    const wide = text.split('\n').filter((line) => line.length > 80 || line !== line.trimEnd());
    expect(wide).toEqual([]);
  });
});

test('the overview names every verb that has a page, in its order', () => {
  const named = [...OVERVIEW.matchAll(/^ {2}halfopen (\w+)/gm)].map(([, verb]) => verb);
  expect(named).toEqual(PAGES.map(({ verb }) => verb));
});
