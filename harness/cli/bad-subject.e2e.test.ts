/**
 * Programs that do not keep the contract, as the command tells of them: the verdict, its line and the exit status.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { emptyFolder, halfopen, latestRun, marked, ROOT } from './command-for-tests.ts';

const CLEAN = 'framing/a-clean-exchange-is-clean';
/** Its deadline is long enough for any host to have read 200,000 lines. */
const PATIENT = 'disconnect/an-end-at-any-byte-of-two-kilobytes-is-told';

/** Listens on one port, whatever it is told, and tells as the contract has it that it could not. */
const OWN_PORT = `
import { createServer } from 'node:net';
process.stdin.once('end', () => process.exit(0)).resume();
const server = createServer();
server.once('error', ({ code }) => {
  const failed = { event: 'failed', op: 'listen', code: code === 'EADDRINUSE' ? 'address-in-use' : 'other' };
  console.log(JSON.stringify({ ...failed, at: Number(process.hrtime.bigint() / 1000n) }));
  process.stdin.destroy();
  process.exitCode = 1;
});
if (process.env.HALFOPEN_ROLE === 'server') server.listen(Number(process.argv[2]), '127.0.0.1');
`;

const wrong = (name: string): string[] => [process.execPath, join(ROOT, `harness/check/fixtures/${name}.js`)];

test.concurrent.for([
  {
    does: 'never listens',
    command: () => wrong('never-listens'),
    tells: /expected {2}the server says that it listens, or why it cannot\n +actual +the harness ended it with SIGKILL/,
    verdict: 'fail',
    exitStatus: 1,
  },
  {
    does: 'floods its output',
    scenario: PATIENT,
    command: () => wrong('floods-its-output'),
    tells: /actual +it had printed 200000 lines at [\d.]+ ms; the harness ended it with SIGKILL/,
    verdict: 'fail',
    exitStatus: 1,
  },
  {
    does: 'ignores the end of its input',
    command: () => wrong('ignores-end-of-input'),
    tells:
      /expected {2}the server takes at most 3500 ms to exit after the end of its input\n +actual +.*; the harness ended it with SIGKILL/,
    verdict: 'fail',
    exitStatus: 1,
  },
  {
    does: 'finds its port taken',
    command: (port: number) => [process.execPath, 'own-port.mjs', String(port)],
    tells: /because {3}the server could not listen: address-in-use\n/,
    verdict: 'setup-error',
    exitStatus: 3,
  },
])('a server that $does', async ({ scenario = CLEAN, command, tells, verdict, exitStatus }, { onTestFinished }) => {
  const folder = await emptyFolder(onTestFinished);
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  await writeFile(join(folder, 'own-port.mjs'), OWN_PORT);
  const subjects = { mine: { command: command((taken.address() as AddressInfo).port) } };
  await writeFile(join(folder, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects })};\n`);
  const ended = await halfopen(['run', scenario, '--server', 'mine', '--client', 'node'], folder);
  expect(ended.out).toMatch(tells);
  expect(ended.err).toBe('');
  expect(ended.status).toBe(exitStatus);
  const { results } = await latestRun(join(folder, 'reports'));
  expect(results.map((result) => result.verdict)).toEqual([verdict]);
  expect(await marked(ended.pid)).toEqual([]);
});
