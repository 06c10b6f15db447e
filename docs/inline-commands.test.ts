/**
 * The commands that pages name among their words, and do not run: verbs, flags, services and files that there are.
 */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { YAML } from 'zx';

import { PAGES } from '../harness/cli/help.ts';
import { ROOT } from './shell.ts';
import { pageNames, readPage, spansOf } from './shown.ts';

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
const pages = new Map(
  await Promise.all((await pageNames()).map(async (name) => [name, await readPage(name)] as const)),
);
pages.set('README.md', await read('README.md'));

/** What stands in code on all pages and matches, with the page. */
function spans(pattern: RegExp): { page: string; span: string; found: RegExpExecArray }[] {
  return [...pages].flatMap(([page, text]) =>
    spansOf(text).flatMap((span) => {
      const found = pattern.exec(span);
      return found === null ? [] : [{ page, span, found }];
    }),
  );
}

const flagsOf = (text: string): string[] => text.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? [];
const flags = new Map(
  PAGES.map(({ verb, options }) => [verb, new Set(['--help', ...options.flatMap(({ flag }) => flagsOf(flag))])]),
);

test('a command of ours has a verb and flags that its help page tells', () => {
  const named = spans(/^(?:npx )?halfopen ([a-z]+)( .*)?$/);
  expect(named.length).toBeGreaterThan(10);
  for (const { page, span, found } of named) {
    const [, verb = '', rest = ''] = found;
    expect([...flags.keys()], `${page}: ${span}`).toContain(verb);
    for (const flag of flagsOf(rest)) expect([...(flags.get(verb) ?? [])], `${page}: ${span}`).toContain(flag);
  }
});

test('a flag that stands alone is one of a verb, or of a measurement', async () => {
  const own = new Set([...flags.values()].flatMap((each) => [...each]));
  const series = await Promise.all(['bench/false-alarms.ts', 'bench/stability.ts'].map(read));
  const named = spans(/^--[a-z]/);
  expect(named.length).toBeGreaterThan(10);
  for (const { page, span } of named) {
    const [flag = ''] = flagsOf(span);
    const isOfSeries = series.some((source) => source.includes(`    ${flag.slice(2)}: { type:`));
    expect(own.has(flag) || isOfSeries, `${page}: ${span}`).toBe(true);
  }
});

interface Compose {
  readonly services: Readonly<Record<string, { readonly profiles?: readonly string[] }>>;
}

test('a Compose command names services and profiles of the Compose file', async () => {
  const compose = YAML.parse(await read('docker-compose.yml')) as Compose;
  const named = spans(/\bdocker compose (.*)$/);
  expect(named.length).toBeGreaterThan(3);
  for (const { page, span, found } of named)
    expect(strangeWords(compose, found[1] ?? ''), `${page}: ${span}`).toEqual([]);
});

/** What of a Compose command's words is not known; a service must be of the profile that is named. */
function strangeWords({ services }: Compose, command: string): string[] {
  const [, profile, verb = '', rest = ''] = /^(?:--profile (\S+) )?(\S+)(.*)$/.exec(command) ?? [];
  const known = Object.keys(services).filter(
    (name) => profile === undefined || services[name]?.profiles?.includes(profile) === true,
  );
  const service = rest.split(' ').find((word) => /^[a-z]/.test(word));
  return [
    ...(known.length === 0 ? [profile ?? ''] : []),
    ...(['build', 'run', 'up', 'down'].includes(verb) ? [] : [verb]),
    ...(service === undefined || known.includes(service) ? [] : [service]),
  ];
}

test('a variable that is set for a command is read by something', async () => {
  const readers = ['docker-compose.yml', 'bench/proxy-targets.ts'];
  const sources = (await Promise.all(readers.map(read))).join('\n');
  const named = spans(/^([A-Z][A-Z_]+)=\S/);
  expect(named.length).toBeGreaterThan(3);
  for (const { page, span, found } of named) {
    expect(sources, `${page}: ${span}`).toMatch(new RegExp(`\\$\\{${found[1]}\\b|env\\['${found[1]}'\\]`));
  }
});

test('a measurement is one that there is, and what is asked of it is what it asks', async () => {
  const named = spans(/\bnpm run bench ([a-z-]+)$/);
  expect(named.length).toBeGreaterThan(2);
  const main = await read('bench/main.ts');
  for (const { page, span, found } of named)
    expect(main, `${page}: ${span}`).toMatch(new RegExp(`^  '?${found[1]}'?: `, 'm'));
  const [, costs = ''] = (pages.get('in-docker.md') ?? '').split('## What a cell costs\n');
  const asked = [/at most (5) s/, /at most (300) ms/, /at most (60) s/, /at most (1024) MiB/, /at most (1\.3) times/];
  const sources = `${await read('bench/docker.ts')}${await read('bench/docker-pool.ts')}`;
  const asks = [
    /cells up`, (\d+)000,/,
    /asked: 'at most (\d+)'/,
    /cells`, (\d+)_000,/,
    /asked: 'at most (\d{4})'/,
    /MOST_TIMES = ([\d.]+)/,
  ];
  const numbers = (text: string, patterns: readonly RegExp[]) =>
    patterns.map((each) => Number(each.exec(text)?.[1] ?? NaN));
  expect(numbers(costs, asked)).toEqual(numbers(sources, asks));
  expect(numbers(costs, asked)).not.toContain(NaN);
});

test('a script of the manifest, and a file that is run, are there', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
  const asked = spans(/\bnpm (?:run )?([a-z]+)/).filter(({ found }) => found[1] !== 'ci');
  expect(asked.length).toBeGreaterThan(1);
  for (const { page, span, found } of asked) expect(Object.keys(scripts), `${page}: ${span}`).toContain(found[1]);
  const files = spans(/^node (\S+)/);
  expect(files.length).toBeGreaterThan(0);
  for (const { page, span, found } of files) {
    await expect(access(join(ROOT, found[1] ?? '')), `${page}: ${span}`).resolves.toBeUndefined();
  }
});
