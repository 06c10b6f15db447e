/**
 * The line of the page that runs a case again, taken from the page and run, where a case of the contract failed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readJson } from '../evidence/read-evidence.ts';
import { verdictSchema } from '../evidence/verdict.ts';
import { COMMAND, emptyFolder, halfopen, latestRun, ran } from './command-for-tests.ts';

const CUT = 'disconnect/a-message-cut-by-fin-is-truncated-not-delivered';
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** The only case of the newest run: what it was, and which of its checks failed. */
async function onlyCase(reports: string) {
  const { seed, results } = await latestRun(reports);
  expect(results).toHaveLength(1);
  const { scenario, server, client, cell, proxy, variant, verdict, evidence } = results[0] ?? {};
  const { checks } = await readJson(join(reports, 'latest', evidence ?? '', 'verdict.json'), verdictSchema);
  const failed = checks.filter(({ outcome }) => outcome === 'fail').map(({ name, statement }) => [name, statement]);
  return { is: { seed, scenario, server, client, cell, proxy, variant }, verdict, failed };
}

/** As a reader copies it. */
async function lineOfPage(reports: string): Promise<string> {
  const page = await readFile(join(reports, 'latest/index.html'), 'utf8');
  const [, line = ''] = /Run it again: <\/span>\s*<pre[^>]*><code>([^<]*)<\/code>/.exec(page) ?? [];
  return line.replaceAll(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

test.for([
  ['', ['--client', 'eof-inside-a-message-delivered'], 'integrity'],
  [', a control', ['--client', 'mine', '--control'], 'contract'],
] as const)('run in a shell, it fails by the same checks%s', async ([, args, check]) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'mine.mjs'), "console.log('hello'); process.exit(1);");
  const subjects = { mine: { command: [process.execPath, 'mine.mjs'] } };
  await writeFile(join(folder, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects })};\n`);
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await halfopen(['run', CUT, '--server', 'node', ...args, '--report', first], folder);
  const before = await onlyCase(first);
  expect(before.verdict).toBe('fail');
  expect(before.failed.map(([name]) => name)).toContain(check);
  const line = await lineOfPage(first);
  expect(line).toMatch(/^npx halfopen run /);
  const own = line.replace('npx halfopen', `'${process.execPath}' '${COMMAND}'`);
  const { status } = await ran(['sh', '-c', `${own} --report '${second}'`], folder);
  expect(status).toBe(1);
  expect(await onlyCase(second)).toEqual(before);
});
