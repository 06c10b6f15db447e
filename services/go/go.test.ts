/**
 * Builds the Go subject and runs its tests, and the behaviour tests of the Python subject against it, each as a test of
 * its own here, so that one command counts them all. In CI Go is required.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

type Outcome = { title: string; outcome: string; detail: string };
type GoEvent = { Action: string; Test?: string };

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const BEHAVIOUR = fileURLToPath(new URL('../python/run_tests.py', import.meta.url));
const LIMIT_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'halfopen-go-'));
const program = join(folder, 'subject');
const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: SOURCES, encoding: 'utf8', timeout: LIMIT_MS });
const missing = built.error !== undefined && process.env['CI'] !== 'true';
if (missing) console.log('Go is not installed: its subject is not tested');

const ownTests = built.status === 0 ? runOwnTests() : [];
const behaviour = ['test_client.py', 'test_server.py'].flatMap((name) =>
  built.status === 0 ? runBehaviour(name) : [],
);

function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

function runOwnTests(): Outcome[] {
  const ran = spawnSync('go', ['test', '-json', './...'], { cwd: SOURCES, encoding: 'utf8', timeout: LIMIT_MS });
  const events = linesOf(ran.stdout).map((line): GoEvent => JSON.parse(line));
  const ended = events.filter(({ Action, Test }) => Test !== undefined && (Action === 'pass' || Action === 'fail'));
  return ended.map(({ Action, Test = '' }) => ({ title: Test, outcome: Action, detail: '' }));
}

function runBehaviour(name: string): Outcome[] {
  const env = { ...process.env, SUBJECT_COMMAND: JSON.stringify([program]) };
  const ran = spawnSync('python3', [BEHAVIOUR, name], { env, encoding: 'utf8', timeout: LIMIT_MS });
  return linesOf(ran.stdout).map((line): Outcome => JSON.parse(line));
}

describe('the Go subject', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  test.skipIf(missing)('it builds, and its tests run (skipped without Go)', () => {
    expect({ error: built.error, stderr: built.stderr }).toEqual({ error: undefined, stderr: '' });
    expect(ownTests.length).toBeGreaterThan(5);
    expect(behaviour.length).toBeGreaterThan(30);
  });

  test.for(ownTests)('$title', ({ outcome }) => {
    expect(outcome).toBe('pass');
  });

  test.for(behaviour)('$title', ({ outcome, detail }) => {
    expect({ outcome, detail }).toEqual({ outcome: 'passed', detail: '' });
  });
});
