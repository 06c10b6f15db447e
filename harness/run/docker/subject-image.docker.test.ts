/**
 * What our images hold: no more than they need, and all that a subject loads, so that one without any network plays.
 *
 * A scenario is two starts long at least, so the Node subject's keeps compiled whatever a start loads.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { FRAMINGS } from '../../contract/words.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images, OUR_IMAGES } from './images.ts';

const MEGABYTE = 1_000_000;
/** Nearly all of it is the base; the room above it is a third, for bases grow. */
const MOST_BYTES: Readonly<Record<string, number>> = {
  'halfopen/node-subject:dev': 390 * MEGABYTE,
  'halfopen/python-subject:dev': 390 * MEGABYTE,
  'halfopen/go-subject:dev': 4 * MEGABYTE,
  'halfopen/wire-proxy:dev': 390 * MEGABYTE,
  'halfopen/network-helper:dev': 510 * MEGABYTE,
};

const NODE = 'node --no-concurrent-recompilation --no-concurrent-sparkplug node/main.ts';
const PYTHON = 'python3 -E -S python/main.py';

/** Their input stays open until the client is done: either ends with it. */
const bothRoles = (subject: string): string => `
  cd /app/services; export HALFOPEN_CONTRACT=1 HALFOPEN_WORKLOAD=echo HALFOPEN_HOST=127.0.0.1 HALFOPEN_PORT=7001
  mkfifo /tmp/input; exec 3<>/tmp/input
  play() { HALFOPEN_ROLE=$1 ${subject} <&3 >/tmp/$1 & }
  said() { until grep -q $2 /tmp/$1; do kill -0 $! || grep -q $2 /tmp/$1 || exit 1; sleep 0.02; done; }
  play server; said server listening; play client; said client done; cat /tmp/client`;

/** Plays both roles in one container that has no network but its own loopback. */
async function play(image: string, subject: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { id } = await new Images(await openEngine()).get(image);
  const limits = ['--rm', '--label', `${RUN_LABEL}=by-hand`, '--network', 'none', '--entrypoint', 'sh'];
  const told = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const command = ['run', ...limits, ...told, id, '-c', bothRoles(subject)];
  const { stdout, stderr } = await promisify(execFile)('docker', command);
  return `${stdout}${stderr}`;
}

describe.skipIf(skipWithoutEngine)('the image of the Node subject', { timeout: 120_000 }, () => {
  test.for(FRAMINGS)('holds compiled what %s needs', async (framing) => {
    const params = JSON.stringify({ framing, content: 'text' });
    const env = { HALFOPEN_PARAMS: params, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const said = await play('halfopen/node-subject:dev', NODE, env);
    // A client of nobody reads no message, and would load less.
    expect(said).toContain('"event":"received"');
    const lines = said.split('\n');
    expect(lines.filter((line) => line.includes('was accepted')).length).toBeGreaterThan(30);
    expect(lines.filter((line) => line.includes('was not initialized'))).toEqual([]);
  });
});

describe.skipIf(skipWithoutEngine)('the image of the Python subject', { timeout: 120_000 }, () => {
  test('needs nothing of a network: both roles play in one container that has none', async () => {
    expect(await play('halfopen/python-subject:dev', PYTHON, {})).toMatch(/"event": "received"/);
  });
});

describe.skipIf(skipWithoutEngine)('each of our images', { timeout: 120_000 }, () => {
  test.for(OUR_IMAGES)('%s is no larger than it was found to be, by much', async (name) => {
    const engine = await openEngine();
    const { id } = await new Images(engine).get(name);
    expect((await engine.getImage(id).inspect()).Size).toBeLessThan(MOST_BYTES[name] ?? 0);
  });
});
