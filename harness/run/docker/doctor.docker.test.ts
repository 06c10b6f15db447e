import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { EngineInBetween } from './engine-in-between.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

const COMMAND = fileURLToPath(new URL('../../cli/halfopen.js', import.meta.url));
const TOXIPROXY = 'ghcr.io/shopify/toxiproxy:2.12.0';

/** What the command says of Docker cells; it takes local cells to be able to run. */
async function doctor(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { ...process.env, TESTCONTAINERS_RYUK_DISABLED: 'true', ...environment };
  return (await promisify(execFile)(process.execPath, [COMMAND, 'doctor'], { env })).stdout;
}

test.skipIf(skipWithoutEngine)(
  'with an engine what a cell is made with is found, and every image asked for',
  async () => {
    const told = [...(await doctor()).matchAll(/^(✓|✗ missing) {2}(.*?) {2}.* \(for Docker cells\)$/gm)];
    const findings = told.map(([, glyph, what]) => [glyph, what]);
    expect(findings.slice(0, 4)).toEqual([
      ['✓', 'container engine'],
      ['✓', 'docker compose'],
      ['✓', 'docker buildx'],
      ['✓', 'docker-compose.yml'],
    ]);
    // Which images are there already is a matter of what ran before.
    expect(findings.slice(4).map(([, what]) => what)).toEqual([
      `image ${TOXIPROXY}`,
      ...['node-subject', 'python-subject', 'go-subject', 'wire-proxy', 'network-helper'].map(
        (name) => `image halfopen/${name}:dev`,
      ),
      "testcontainers' reaper",
    ]);
  },
);

test.skipIf(skipWithoutEngine)('an image that is missing comes with how to get it', async () => {
  await using between = await EngineInBetween.open({
    call: /^GET \S*\/images\/\S*toxiproxy/,
    message: 'No such image',
    status: 404,
  });
  const out = await doctor({ DOCKER_HOST: between.host });
  expect(out).toContain(
    `✗ missing  image ${TOXIPROXY}  not on this machine  (for Docker cells)\n    to get it  docker pull ${TOXIPROXY}\n`,
  );
  expect(out).toContain('Docker cells cannot run');
});

test.skipIf(skipWithoutEngine)(
  'an image of ours that is missing is built by the next run, and hinders none',
  async () => {
    await using between = await EngineInBetween.open({
      call: /^GET \S*\/images\/\S*go-subject/,
      message: 'No such image',
      status: 404,
    });
    const out = await doctor({ DOCKER_HOST: between.host });
    expect(out).toContain(
      '✗ missing  image halfopen/go-subject:dev  not on this machine  (for Docker cells)\n' +
        '    to get it  nothing: the next Docker run builds it\n',
    );
    const hindered = /^✗ missing {2}(?!image halfopen\/).* \(for Docker cells\)$/m.test(out);
    expect(out).toContain(`Docker cells ${hindered ? 'cannot' : 'can'} run`);
  },
);
