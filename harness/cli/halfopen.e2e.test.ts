/**
 * How the command is got at: by npx, by npm, with a Node that is too old, and without the references' runtimes.
 */
import { delimiter, join } from 'node:path';

import { expect, test } from 'vitest';

import { COMMAND, emptyFolder, halfopen, latestRun, ran, ROOT } from './command-for-tests.ts';

const OLDER_NODE = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })`;
const CLEAN = 'framing/a-clean-exchange-is-clean';
/**
 * As in a shell of one's own, where the Node of the checkout is not on the PATH yet; and npm asks no registry, for the
 * command or for news of itself.
 */
const OUTSIDE = {
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith('node_modules/.bin'))
    .join(delimiter),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
};

test.for([['--version'], ['run', CLEAN], ['nonsense']])(
  'on an older Node it says which it needs, and nothing else: %j',
  async (args) => {
    const folder = await emptyFolder();
    expect(await ran([process.execPath, '--import', OLDER_NODE, COMMAND, ...args], folder)).toMatchObject({
      status: 2,
      out: '',
      err: 'halfopen needs Node 24 or newer, and this is 20.19.0. In the checkout "npx halfopen" and "npm start" bring their own.\n',
    });
  },
);

test('npx finds it in the checkout, and with it the Node that it needs', async () => {
  const { status, out } = await ran(['npx', 'halfopen', '--version'], ROOT, OUTSIDE);
  expect(out).toMatch(/^halfopen \d+\.\d+\.\d+/);
  expect(status).toBe(0);
});

test('npm start runs the basic scenarios, here one of them', async () => {
  const reports = await emptyFolder();
  const only = [CLEAN, '--server', 'node', '--client', 'node', '--report', reports];
  const { status, out } = await ran(['npm', 'start', '--', ...only], ROOT, OUTSIDE);
  expect(out).toContain(`✓ pass  ${CLEAN}  node→node`);
  expect(status).toBe(0);
  expect((await latestRun(reports)).command).toEqual(['run', '--basic', ...only]);
});

test('without Python and Go their pairs are not run, and said so with the reason; the rest decides', async () => {
  const folder = await emptyFolder();
  const clients = ['--server', 'node', '--client', 'node,python,go'];
  const { status, out } = await halfopen(['run', CLEAN, ...clients], folder, { PATH: '/nonexistent' });
  expect(out.split('\n').slice(1, 3)).toEqual([
    '  1 not-run: python3 is not installed',
    '  1 not-run: go is not installed',
  ]);
  expect(out).toContain('1 ✓ pass  2 · not-run');
  expect(status).toBe(0);
  const { results } = await latestRun(join(folder, 'reports'));
  expect(results.map(({ client, verdict, reason }) => [client, verdict, reason])).toEqual([
    ['python', 'not-run', 'python3 is not installed'],
    ['go', 'not-run', 'go is not installed'],
    ['node', 'pass', expect.any(String)],
  ]);
});
