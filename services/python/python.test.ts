/** Runs the Python subject's own unit tests, each as a test of its own here, so that one command counts them all. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

type Outcome = { title: string; outcome: string; detail: string };

const runner = fileURLToPath(new URL('run_tests.py', import.meta.url));
const ran = spawnSync('python3', [runner], { encoding: 'utf8', timeout: 240_000 });
const missing = ran.error !== undefined && process.env['CI'] !== 'true';
const lines = ran.error === undefined ? ran.stdout.split('\n').filter((line) => line !== '') : [];
const outcomes = lines.map((line): Outcome => JSON.parse(line));

describe('the Python subject', () => {
  test.skipIf(missing)('its tests ran to the end (skipped without python3)', () => {
    expect(ran.error).toBeUndefined();
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(outcomes.length).toBeGreaterThan(0);
  });

  test.for(outcomes)('$title', ({ outcome, detail }) => {
    expect({ outcome, detail }).toEqual({ outcome: 'passed', detail: '' });
  });
});
