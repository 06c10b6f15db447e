/**
 * What only a kernel's own clocks and a network that breaks can show, with the short clocks that `--kernel fast` asks for:
 * each of these scenarios holds with them as with those that come, the containers have them, and they end what would else
 * go on for a quarter of an hour.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { onlyResult, runInDocker } from './command-for-tests.ts';
import type { Ran } from './command-for-tests.ts';
import { openEngine } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { OWNER_LABEL } from './owner.ts';

const SERVICES = fileURLToPath(new URL('../../../services', import.meta.url));
const LIMIT_MS = 300_000;

const USER_TIMEOUT = 'timeout/the-user-timeout-bounds-what-nobody-acknowledges';
/** The Python subject, but for that option: of this run alone. */
const WITHOUT = `halfopen/without-user-timeout:test-${process.pid}`;
const DOCKERFILE = `FROM halfopen/python-subject:dev
COPY broken /app/services/broken
ENTRYPOINT ["python3", "-E", "-S", "/app/services/broken/python/user_timeout_not_set.py"]
`;

/** Python plays all of them: Node has no TCP_USER_TIMEOUT. */
const PAIR = ['--server', 'python', '--client', 'python'];

const IDS = [
  'connect/a-connect-that-nobody-answers-times-out',
  'dead-peer/a-host-that-comes-back-knows-of-nothing',
  'dead-peer/a-reset-told-to-one-side-only-leaves-the-other-to-notice',
  'dead-peer/a-short-cut-of-the-network-is-outlived',
  'dead-peer/keepalive-finds-a-silent-network',
  'reconnect/a-network-that-comes-back-is-used-again',
  'timeout/data-that-nobody-acknowledges-times-out',
  USER_TIMEOUT,
];

const run = promisify(execFile);

/** How often the kernel under a client of that harness tries an opening, and then what nobody acknowledges. */
async function triesOf(harness: number | undefined): Promise<string> {
  const engine = await openEngine();
  const containers = await engine.listContainers({ filters: { label: ['com.docker.compose.service=client'] } });
  const own = containers.find(({ Labels }) => Labels[OWNER_LABEL]?.startsWith(`${hostname()} ${harness}:`));
  const clocks = ['tcp_syn_retries', 'tcp_retries2'].map((name) => `/proc/sys/net/ipv4/${name}`);
  const { stdout } = await run('docker', ['exec', own?.Id ?? '', 'cat', ...clocks]);
  return stdout.trim().replace('\n', ' ');
}

describe.skipIf(skipWithoutEngine)('with the short clocks of a kernel', () => {
  let folder: string;
  let ran: Ran;
  let tries: Promise<string> | null = null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-clocks-'));
    ran = await runInDocker(folder, {
      args: [...IDS, '--kernel', 'fast', '--cells', '2', ...PAIR],
      onLine: (line, child) => {
        if (line.includes('"type":"result"')) tries ??= triesOf(child.pid);
      },
    });
  }, LIMIT_MS);

  afterAll(() => rm(folder, { recursive: true }));

  test('a container tries an opening once more, and what is lost three times', async () => {
    expect(await tries).toBe('1 3');
  });

  test.for(IDS)('%s', async (id) => {
    const { verdict, reason, kernel, evidence } = ran.run.results.find(({ scenario }) => scenario === id) ?? {};
    expect({ verdict, reason, kernel }).toEqual({ verdict: 'pass', reason, kernel: 'fast' });
    expect(JSON.parse(await readFile(join(ran.folder, evidence ?? '', 'plan.json'), 'utf8'))).toMatchObject({ kernel });
  });

  test('data that nobody bounds is given up by them, and not in the time that was asked for', async () => {
    onTestFinished(async () => {
      await run('docker', ['image', 'rm', WITHOUT]);
    });
    const dockerfile = join(folder, 'Dockerfile');
    await writeFile(dockerfile, DOCKERFILE);
    await run('docker', ['build', '--quiet', '--tag', WITHOUT, '--file', dockerfile, SERVICES]);
    const config = `export default { subjects: { without: { image: '${WITHOUT}' } } };\n`;
    await writeFile(join(folder, 'halfopen.config.ts'), config);
    const args = [USER_TIMEOUT, '--kernel', 'fast', '--server', 'python', '--client', 'without'];
    const { verdict, reason } = onlyResult(await runInDocker(folder, { args, cwd: folder }));
    expect({ verdict, reason }).toEqual({ verdict: 'fail', reason: expect.stringMatching(/with timeout/) as string });
  });

  test('the run says what it was asked for', () => {
    expect(ran.status).toBe(0);
    expect(ran.run.command.join(' ')).toContain('--kernel fast');
  });
});
