/**
 * A scenario is two starts long at least, so the Node subject's image keeps compiled whatever a start loads.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { FRAMINGS } from '../../contract/words.ts';
import { openEngine, RUN_LABEL } from './engine.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';
import { Images } from './images.ts';

/** Their input stays open until the client is done: either ends with it. */
const BOTH_ROLES = `
  cd /app/services; export HALFOPEN_CONTRACT=1 HALFOPEN_WORKLOAD=echo HALFOPEN_HOST=127.0.0.1 HALFOPEN_PORT=7001
  mkfifo /tmp/input; exec 3<>/tmp/input
  play() { HALFOPEN_ROLE=$1 node --no-maglev --no-concurrent-recompilation --no-concurrent-sparkplug node/main.ts <&3 >/tmp/$1 & }
  said() { until grep -q $2 /tmp/$1; do sleep 0.02; done; }
  play server; said server listening; play client; said client done; cat /tmp/client`;

describe.skipIf(skipWithoutEngine)('the image of the Node subject', { timeout: 120_000 }, () => {
  test.for(FRAMINGS)('holds compiled what %s needs', async (framing) => {
    const { id } = await new Images(await openEngine()).get('halfopen/node-subject:dev');
    const params = JSON.stringify({ framing, content: 'text' });
    const limits = ['--rm', '--label', `${RUN_LABEL}=by-hand`, '--network', 'none', '--entrypoint', 'sh'];
    const told = ['--env', `HALFOPEN_PARAMS=${params}`, '--env', 'NODE_DEBUG_NATIVE=COMPILE_CACHE'];
    const { stdout, stderr } = await promisify(execFile)('docker', ['run', ...limits, ...told, id, '-c', BOTH_ROLES]);
    // A client of nobody reads no message, and would load less.
    expect(stdout).toContain('"event":"received"');
    const lines = `${stdout}${stderr}`.split('\n');
    expect(lines.filter((line) => line.includes('was accepted')).length).toBeGreaterThan(30);
    expect(lines.filter((line) => line.includes('was not initialized'))).toEqual([]);
  });
});
