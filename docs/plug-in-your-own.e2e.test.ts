/**
 * Follows the pages about one's own programs, each from its first command to its last in an empty folder, and looks for the
 * lines they show.
 */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ROOT, shell } from './shell.ts';
import { blocksOf, readPage } from './shown.ts';

/** What the page promises. */
const MAX_EXAMPLE_LINES = 80;

describe.each(['plug-in-your-own.md', 'plain-subjects.md'])('%s', (name) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-docs-'));
    await symlink(join(ROOT, 'docs'), join(folder, 'docs'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('every command ends well in its order, and prints the lines that the page shows', async () => {
    const ended: { command: string; status: number | null }[] = [];
    const missing: string[] = [];
    let shown = 0;
    let output = '';
    for (const { kind, text } of blocksOf(await readPage(name))) {
      if (kind === 'ts') await writeFile(join(folder, 'halfopen.config.ts'), text);
      if (kind === 'sh') {
        const ran = await shell(text, folder);
        ended.push({ command: text, status: ran.status });
        ({ output } = ran);
      }
      const lines = kind === '' ? text.trim().split('\n') : [];
      shown += lines.length;
      missing.push(...lines.filter((line) => !output.includes(line.trim())));
    }
    expect(ended.filter(({ status }) => status !== 0)).toEqual([]);
    expect(missing).toEqual([]);
    expect(ended.length).toBeGreaterThan(2);
    expect(shown).toBeGreaterThan(7);
  });
});

test('the example of plug-in-your-own.md is as short as it says', async () => {
  const example = await readFile(join(ROOT, 'docs/examples/subject.py'), 'utf8');
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_EXAMPLE_LINES);
});
