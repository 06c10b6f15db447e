import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readProduct } from './product.ts';

async function repository(): Promise<{ root: string; git: (...args: string[]) => string }> {
  const root = await mkdtemp(join(tmpdir(), 'halfopen-product-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, ...who, ...args], { encoding: 'utf8' }).trim();
  await writeFile(join(root, 'package.json'), '{"version":"1.2.3"}');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  return { root, git };
}

test('a checkout is told by its version and its commit, and that files differ from it', async () => {
  const { root, git } = await repository();
  const commit = git('rev-parse', 'HEAD');
  expect(await readProduct(root)).toEqual({ version: '1.2.3', commit });
  await writeFile(join(root, 'package.json'), '{"version":"1.2.4"}');
  expect(await readProduct(root)).toEqual({ version: '1.2.4', commit: `${commit}-dirty` });
});

test('what is installed inside of another repository has no commit of its own', async () => {
  const { root } = await repository();
  const inside = join(root, 'node_modules', 'halfopen');
  await mkdir(inside, { recursive: true });
  await writeFile(join(inside, 'package.json'), '{"version":"0.0.1"}');
  expect(await readProduct(inside)).toEqual({ version: '0.0.1', commit: null });
});
