import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('halfopen.js', import.meta.url));
const SWEEP = 'disconnect/an-end-at-any-byte-of-two-kilobytes-is-told';

async function halfopen(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...args], { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

test('a sweep of thousands of faults is listed and explained in lines that can be read', async () => {
  const listed = (await halfopen('list')).split('\n');
  expect(listed).toContain(`${SWEEP}  pipeline, fin × 2,048, needs local`);
  expect(Math.max(...listed.map((line) => line.length))).toBeLessThan(200);
  const explained = (await halfopen('explain', SWEEP)).split('\n');
  expect(explained.length).toBeLessThan(20);
  expect(explained).toContainEqual(expect.stringMatching(/^ {2}f1–f2048 {2}fin × 2,048 at byte 0 to 2,047 /));
});

test('what a scenario needs is listed, and found by', async () => {
  const listed = await halfopen('list', 'needs:docker');
  expect(listed).toMatch(/^dead-peer\/\S+ {2}\w+, cut, needs docker$/m);
  expect(listed).not.toContain(SWEEP);
  const [first = ''] = (await halfopen('list', 'fault:cut', '--json')).split('\n');
  expect(JSON.parse(first)).toMatchObject({ needs: ['docker'] });
});

test('as JSON it is whole', async () => {
  const listed = JSON.parse(await halfopen('list', SWEEP, '--json')) as { faults: unknown[] };
  const plan = JSON.parse(await halfopen('explain', SWEEP, '--json')) as { faults: unknown[] };
  expect([listed.faults.length, plan.faults.length]).toEqual([2048, 2048]);
});
