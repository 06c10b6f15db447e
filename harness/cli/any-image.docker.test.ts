/**
 * Images that a user names or has built, also such as have no shell: run in a Docker cell, and checked.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { skipWithoutEngine } from '../run/docker/engine-for-tests.ts';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
const ID = 'disconnect/a-message-cut-by-fin-is-truncated-not-delivered';

const WITHOUT_SHELL = `FROM halfopen/node-subject:dev
USER root
RUN rm -f /bin/sh /bin/bash /bin/dash /usr/bin/sh /usr/bin/bash /usr/bin/dash
USER node
`;

/** Delivers the beginning of a message as if it were one. */
const BROKEN = `FROM halfopen/node-subject:dev
COPY broken /app/services/broken
ENTRYPOINT ["node", "/app/services/broken/eof-inside-a-message-delivered.ts"]
`;

const CONFIG = `export default {
  subjects: {
    named: { image: 'halfopen/node-subject:dev' },
    bare: { build: { context: '.' } },
    torn: { build: { context: '.', dockerfile: 'Broken' } },
    missing: { image: 'halfopen/no-such-image:1' },
    here: { command: ['node', 'x'] },
  },
  defaults: { cell: 'docker', cells: 1, report: 'out' },
};
`;

const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-images-'));
  await writeFile(join(folder, 'Dockerfile'), WITHOUT_SHELL);
  await writeFile(join(folder, 'Broken'), BROKEN);
  await cp(fileURLToPath(new URL('../../services/broken', import.meta.url)), join(folder, 'broken'), {
    recursive: true,
  });
  await writeFile(join(folder, 'halfopen.config.ts'), CONFIG);
});

afterAll(() => rm(folder, { recursive: true }));

function halfopen(...args: string[]): Promise<{ status: number | string | null; output: string }> {
  const env = { ...process.env, CI: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: folder, env }, (error, out, err) =>
      resolve({ status: error === null ? 0 : (error.code ?? null), output: out + err }),
    );
  });
}

describe.skipIf(skipWithoutEngine)('images', { timeout: 200_000 }, () => {
  test('that are named, or built from a Dockerfile and without a shell, take part; which they were is on record', async () => {
    const { status, output } = await halfopen('run', ID, '--server', 'bare', '--client', 'named');
    expect(output).toContain(`✓ pass  ${ID}  named→bare`);
    expect(status).toBe(0);
    const environment = JSON.parse(await readFile(join(folder, 'out/latest/environment.json'), 'utf8')) as object;
    expect(environment).toMatchObject({
      images: {
        'halfopen/user-bare:dev': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        'halfopen/node-subject:dev': expect.stringMatching(/^sha256:/),
        'halfopen/wire-proxy:dev': expect.stringMatching(/^sha256:/),
        'ghcr.io/shopify/toxiproxy:2.12.0': expect.stringMatching(/^sha256:/),
      },
    });
  });

  test('that are not there, or subjects without one, say what would help', async () => {
    const missing = await halfopen('run', ID, '--server', 'missing', '--client', 'named');
    expect(missing.output).toContain('there is no image halfopen/no-such-image:1');
    expect(missing.status).toBe(3);
    const here = await halfopen('run', ID, '--server', 'here', '--client', 'named');
    expect(here.output).toContain("here has no image: give it one, as in here: { image: 'name:tag' }");
    expect(here.status).toBe(4);
  });

  test('are checked against the contract', async () => {
    const { status, output } = await halfopen(
      'check',
      '--only',
      'server/echo/prefix32',
      '--image',
      'halfopen/user-bare:dev',
    );
    expect(output).toContain('✓  server/echo/prefix32');
    expect(status).toBe(0);
    const missing = await halfopen('check', '--image', 'halfopen/no-such-image:1');
    expect(missing.output).toContain('pull or build it first');
    expect(missing.status).toBe(2);
  });

  test('whose case fails are kept running where that is asked: every way in that is told works, until Enter', async () => {
    const args = ['run', ID, '--server', 'named', '--client', 'torn', '--keep-on-failure'];
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, env: { ...process.env, CI: '' } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    while (!text.includes('Enter or Ctrl-C')) await once(child.stdout, 'data');
    expect(text).toMatch(/kept {4}\S+ {2}torn→named/);
    expect(text).toContain('in force: fin');
    const ways = [...text.matchAll(/docker exec -it (\w+) sh/g)].map(([, id = '']) => id);
    expect(ways).toHaveLength(3);
    for (const id of ways) await expect(run('docker', ['exec', id, 'sh', '-c', 'true'])).resolves.toBeDefined();
    const [, api = ''] = /its API is at (http:\S+)/.exec(text) ?? [];
    expect(Object.values((await (await fetch(api)).json()) as Record<string, { toxics: unknown[] }>)).toContainEqual(
      expect.objectContaining({ toxics: expect.arrayContaining([expect.objectContaining({ type: 'limit_data' })]) }),
    );
    child.stdin.write('\n');
    expect(await once(child, 'close')).toEqual([1, null]);
    for (const id of ways) await expect(run('docker', ['inspect', id])).rejects.toThrow(/[Nn]o such/);
  });

  test('leave no container of a check behind', async () => {
    const left = await new Promise<string>((resolve, reject) => {
      const args = [
        'ps',
        '--all',
        '--quiet',
        '--filter',
        'label=dev.halfopen.check',
        '--filter',
        'ancestor=halfopen/user-bare:dev',
      ];
      execFile('docker', args, (error, out) => (error === null ? resolve(out) : reject(error)));
    });
    expect(left).toBe('');
  });
});
