/**
 * What a run in Docker does where its surroundings do not play along: a `setup-error` that names cause and remedy, with
 * whatever was proved before it kept, a report, and nothing left on the engine.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readEvidence } from '../../evidence/read-evidence.ts';
import { checkoutWith, leftOf, onlyResult, runInDocker } from './command-for-tests.ts';
import type { Asked, Ran } from './command-for-tests.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { sweepDocker } from './sweep.ts';

const CLEAN = 'framing/a-clean-exchange-is-clean';
/** What waits longest is run first … */
const FIRST = 'timeout/latency-below-the-deadline-is-harmless';
/** … and these come after it and take about a second each: whatever befalls the engine then befalls them. */
const LONG = ['dead-peer/jitter-below', 'timeout/no-deadline'];
const NODE_PAIR = ['--server', 'node', '--client', 'node'];

describe.skipIf(skipWithoutEngine)('a run in Docker', { timeout: 120_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-bad-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** Of one that could reach the engine to its end nothing is left there. */
  const halfopen = async (asked: Asked): Promise<Ran> => {
    const ran = await runInDocker(folder, asked);
    expect(await leftOf(ran)).toEqual([]);
    return ran;
  };

  /** The evidence of a run's first result, whole. */
  const expectFirstKept = async ({ run, folder: own }: Ran): Promise<void> => {
    const [first] = run.results;
    expect(first).toMatchObject({ scenario: FIRST, verdict: 'pass' });
    const { records, damage } = await readEvidence(join(own, first?.evidence ?? ''));
    expect(records.map(({ kind }) => kind)).toContain('event');
    expect(records.map(({ kind }) => kind)).toContain('finished');
    expect(damage).toEqual([]);
  };

  test('without an engine says where it looked, and takes no other one', async () => {
    const ran = await halfopen({
      args: [...NODE_PAIR, CLEAN],
      environment: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    });
    expect(ran.status).toBe(3);
    const { verdict, reason } = onlyResult(ran);
    expect(verdict).toBe('setup-error');
    expect(reason).toContain('no container engine answers: unix:///nonexistent/docker.sock');
    expect(reason).toContain('start Docker, or point DOCKER_HOST at it');
    expect(ran.report).toContain('no container engine answers');
  });

  test('keeps what was proved before the engine stopped in the middle, and blames no subject for it', async () => {
    await using between = await EngineInBetween.open();
    let seen = 0;
    const ran = await runInDocker(folder, {
      args: [...NODE_PAIR, FIRST, ...LONG],
      environment: { DOCKER_HOST: between.host },
      onLine: (line) => {
        seen += line.split('"type":"result"').length - 1;
        if (seen > 0) setTimeout(() => between.cut(), 250);
      },
    });
    expect(ran.status).toBe(3);
    await expectFirstKept(ran);
    const [, ...rest] = ran.run.results;
    expect(rest.map(({ verdict }) => verdict)).toEqual(['setup-error', 'setup-error']);
    for (const { reason } of rest) expect(reason).toMatch(/the engine runs|has stopped or is stuck/);
    expect(ran.report).toContain('has stopped or is stuck');
    // Nobody could be told to remove its cell; whoever comes next does.
    await expect
      .poll(async () => {
        await sweepDocker(await openEngine());
        return leftOf(ran);
      })
      .toEqual([]);
  });

  test('keeps what was proved before the engine had no network left for a cell that is made anew', async () => {
    await using between = await EngineInBetween.open();
    const message = 'could not find an available, non-overlapping IPv4 address pool among the defaults';
    // A cell that cannot be looked at is not used again.
    const call = /^(?:GET \S*\/containers\/\w+\/json|POST \S*\/networks\/create)/;
    const ran = await halfopen({
      args: [...NODE_PAIR, FIRST, ...LONG],
      environment: { DOCKER_HOST: between.host },
      onLine: (line) => {
        if (line.includes('"type":"result"')) between.refuse({ call, message });
      },
    });
    expect(ran.status).toBe(3);
    expect(ran.run.results).toHaveLength(3);
    await expectFirstKept(ran);
    const [, second, last] = ran.run.results;
    // It may have begun in the first cell by then, and pass there; no subject is to blame.
    expect(`${second?.verdict}: ${second?.reason}`).toMatch(new RegExp(`^pass: |^setup-error: .*${message}`));
    const { verdict, reason } = last ?? {};
    expect(verdict).toBe('setup-error');
    expect(reason).toContain(message);
    expect(reason).toContain('"halfopen clean" removes what killed runs left');
    // What Compose had done until then is not the reason.
    expect(reason).not.toContain('Creating');
    expect(ran.report).toContain(message);
  });

  test('names an image that is not there, and what to do about it', async () => {
    const config = join(folder, 'missing-image');
    await mkdir(config);
    const subjects = { absent: { image: 'halfopen/no-such-image:dev' } };
    await writeFile(join(config, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects })};\n`);
    const ran = await halfopen({ args: ['--server', 'absent', '--client', 'node', CLEAN], cwd: config });
    expect(ran.status).toBe(3);
    const { verdict, reason } = onlyResult(ran);
    expect(verdict).toBe('setup-error');
    expect(reason).toContain('there is no image halfopen/no-such-image:dev');
    expect(reason).toContain('pull or build the image first');
  });

  test('says which clause an image breaks that does not wait for work, or says nothing', async () => {
    const config = join(folder, 'bad-image');
    await mkdir(config);
    const tag = `halfopen-test/ends-at-once:${randomUUID()}`;
    const engine = await openEngine();
    const base = await engine.createContainer({ Image: 'debian:bookworm-slim', Labels: { [RUN_LABEL]: 'by-hand' } });
    try {
      const [repo, name] = tag.split(':');
      await base.commit({ repo, tag: name, changes: 'CMD ["true"]' });
    } finally {
      await base.remove({ force: true });
    }
    try {
      const subjects = { ends: { image: tag }, silent: { image: 'debian:bookworm-slim' } };
      await writeFile(join(config, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects })};\n`);
      const ends = await halfopen({ args: ['--server', 'ends', '--client', 'node', CLEAN], cwd: config });
      expect(onlyResult(ends).verdict).toBe('setup-error');
      expect(onlyResult(ends).reason).toContain('without HALFOPEN_ROLE a subject does nothing and waits');
      expect(ends.status).toBe(3);
      const silent = await halfopen({ args: ['--server', 'silent', '--client', 'node', CLEAN], cwd: config });
      expect(onlyResult(silent).verdict).toBe('fail');
      expect(onlyResult(silent).reason).toMatch(
        /listen.*no event of the contract \(docs\/contract\.md, Output: events\)/,
      );
      expect(onlyResult(silent).reason).toContain('halfopen check --image NAME');
      expect(silent.report).toContain('listen');
    } finally {
      await engine.getImage(tag).remove({ force: true });
    }
  });

  test('names an image for another architecture, and what would do', async () => {
    const config = join(folder, 'other-architecture');
    await mkdir(config);
    const tag = `halfopen-test/elsewhere:${randomUUID()}`;
    const command = `tar --create --files-from /dev/null | docker import --platform linux/s390x --change 'CMD ["/x"]' - ${tag}`;
    await promisify(execFile)('sh', ['-c', command]);
    try {
      const subjects = { elsewhere: { image: tag } };
      await writeFile(join(config, 'halfopen.config.ts'), `export default ${JSON.stringify({ subjects })};\n`);
      const ran = await halfopen({ args: ['--server', 'elsewhere', '--client', 'node', CLEAN], cwd: config });
      expect(ran.status).toBe(3);
      expect(onlyResult(ran).verdict).toBe('setup-error');
      expect(onlyResult(ran).reason).toMatch(/is for linux\/s390x, and the engine runs linux\/\w+; .*--platform linux/);
    } finally {
      await promisify(execFile)('docker', ['image', 'rm', '--force', tag]);
    }
  });

  test('says that the engine is too old, and which would do', async () => {
    const body = { Version: '19.03.1', ApiVersion: '1.40', Os: 'linux', Arch: 'amd64' };
    await using between = await EngineInBetween.open({ call: /^GET \S*\/version/, message: 'OK', status: 200, body });
    const ran = await halfopen({ args: [...NODE_PAIR, CLEAN], environment: { DOCKER_HOST: between.host } });
    expect(ran.status).toBe(3);
    expect(onlyResult(ran).verdict).toBe('setup-error');
    expect(onlyResult(ran).reason).toContain('too old: version 19.03.1, with API 1.40');
    expect(onlyResult(ran).reason).toContain('install Docker 26 or later');
    expect(ran.report).toContain('too old');
  });

  test.each([
    {
      lacks: 'networks',
      call: /^POST \S*\/networks\/create/,
      message: 'all predefined address pools have been fully subnetted',
      remedy: '"halfopen clean" removes what killed runs left',
    },
    {
      lacks: 'room on its disk',
      call: /^POST \S*\/containers\/create/,
      message: 'write /var/lib/docker/containers/x: no space left on device',
      remedy: 'the disk is full',
    },
  ])('says what helps where the engine has no $lacks left', async ({ call, message, remedy }) => {
    await using between = await EngineInBetween.open({ call, message });
    const ran = await halfopen({ args: [...NODE_PAIR, CLEAN], environment: { DOCKER_HOST: between.host } });
    expect(ran.status).toBe(3);
    const { verdict, reason } = onlyResult(ran);
    expect(verdict).toBe('setup-error');
    expect(reason).toContain(message);
    expect(reason).toContain(remedy);
    expect(ran.report).toContain('setup-error');
  });

  test('says that its compose file is not valid, and how to see where', async () => {
    const root = await checkoutWith(folder, (compose) =>
      compose.replace('    networks: [server-side]', '    network: server-side'),
    );
    const ran = await halfopen({ args: [...NODE_PAIR, CLEAN], root });
    expect(ran.status).toBe(3);
    const { verdict, reason } = onlyResult(ran);
    expect(verdict).toBe('setup-error');
    expect(reason).toContain('network');
    expect(reason).toContain('docker-compose.yml is not valid');
  });
});
