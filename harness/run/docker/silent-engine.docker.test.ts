/**
 * What a run in Docker does when the engine does not answer any more but keeps every connection open: it ends by itself,
 * in bounded time, with a report.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, test } from 'vitest';

import { monotonicMs } from '../clock.ts';
import { runInDocker } from './command-for-tests.ts';
import type { Ran } from './command-for-tests.ts';
import { EngineInBetween } from './engine-in-between.ts';
import { skipWithoutEngine } from './engine-for-tests.ts';

/** What waits longest is run first; two that take a second or more come after it, so that the silence falls into them. */
const FIRST = 'timeout/latency-below-the-deadline-is-harmless';
const LONG = ['--server', 'node', '--client', 'node', FIRST, 'dead-peer/jitter-below', 'timeout/no-deadline'];
/** From the silence to the end of the process: a deadline of 20 s, tidying up, and a host with much other work. */
const BOUND_MS = 60_000;

// They wait for deadlines most of the time, and do so side by side.
const SIDE_BY_SIDE = { timeout: 300_000, concurrent: true };

describe.skipIf(skipWithoutEngine)('a run in Docker whose engine falls silent', SIDE_BY_SIDE, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halfopen-silent-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** Runs the three, and lets something befall the engine at the first result. Of that one and the last the moment is told, 0 if none came. */
  const runUntil = async (
    between: EngineInBetween,
    befall: (child: ChildProcess) => void,
  ): Promise<Ran & { befellMs: number; lastMs: number }> => {
    let befellMs = 0;
    let lastMs = 0;
    const ran = await runInDocker(folder, {
      args: LONG,
      environment: { DOCKER_HOST: between.host },
      onLine: (line, child) => {
        if (!line.includes('"type":"result"')) return;
        lastMs = monotonicMs();
        if (befellMs > 0) return;
        befellMs = lastMs;
        befall(child);
      },
    });
    return { ...ran, befellMs, lastMs };
  };

  const CASES = [
    { what: 'answers nothing', befall: (between: EngineInBetween) => between.fallSilent() },
    { what: 'starts nothing', befall: (between: EngineInBetween) => between.hold(/^POST \S*\/start/) },
  ];

  test.for(CASES)('ends soon where it $what, and keeps what was proved before', async ({ befall }, { expect }) => {
    await using between = await EngineInBetween.open();
    const ran = await runUntil(between, () => befall(between));
    expect(ran.befellMs).toBeGreaterThan(0);
    expect(monotonicMs() - ran.befellMs).toBeLessThan(BOUND_MS);
    expect(ran.run.results[0]).toMatchObject({ scenario: FIRST, verdict: 'pass' });
    expect(ran.run.results.slice(1).map(({ verdict }) => verdict)).toEqual(['setup-error', 'setup-error']);
    expect(ran.status).toBe(3);
    expect(ran.report.includes('has stopped or is stuck')).toBe(true);
  });

  test('ends soon where it removes nothing', async ({ expect }) => {
    await using between = await EngineInBetween.open();
    const ran = await runUntil(between, () => between.hold(/^DELETE /));
    expect(ran.lastMs).toBeGreaterThan(0);
    // What there was to be judged takes its time; nothing is removed before the last of it.
    expect(monotonicMs() - ran.lastMs).toBeLessThan(BOUND_MS);
    // Every scenario had its say before anything was to be removed, if only that the host was too slow to tell.
    expect(ran.run.results.map(({ attempts }) => attempts.length > 0)).toEqual([true, true, true]);
    expect(ran.run.results.map(({ verdict }) => verdict)).not.toContain('setup-error');
    // What stayed is said, and the run is no sound one.
    expect(ran.errors).toMatch(
      /not everything could be tidied up: .*no answer within .* the next run removes what this one left/,
    );
    expect(ran.status).toBe(3);
  });

  test('ends soon where its guard cannot be started', async ({ expect }) => {
    await using between = await EngineInBetween.open();
    let heldMs = 0;
    between.watch(/^POST \S*\/start/, () => (heldMs ||= monotonicMs()));
    between.hold(/^POST \S*\/start/);
    const ran = await runInDocker(folder, { args: LONG, environment: { DOCKER_HOST: between.host } });
    expect(heldMs).toBeGreaterThan(0);
    expect(monotonicMs() - heldMs).toBeLessThan(BOUND_MS);
    expect(ran.status).toBe(3);
    expect(ran.run.results.map(({ verdict }) => verdict)).toEqual(['setup-error', 'setup-error', 'setup-error']);
    expect(ran.report.includes('the guard of this run could not be started: no answer')).toBe(true);
  });

  test('ends soon where a cell is being brought up', async ({ expect }) => {
    await using between = await EngineInBetween.open();
    let silentMs = 0;
    between.watch(/^POST \S*\/networks\/create/, () => {
      silentMs ||= monotonicMs();
      between.fallSilent();
    });
    const ran = await runInDocker(folder, { args: LONG, environment: { DOCKER_HOST: between.host } });
    expect(silentMs).toBeGreaterThan(0);
    expect(monotonicMs() - silentMs).toBeLessThan(BOUND_MS);
    expect(ran.status).toBe(3);
    expect(ran.report.includes('the engine has not answered anything')).toBe(true);
  });

  test('at one signal it ends soon as well, with the report', async ({ expect }) => {
    await using between = await EngineInBetween.open();
    const ran = await runUntil(between, (child) => {
      between.fallSilent();
      child.kill('SIGINT');
    });
    expect(ran.befellMs).toBeGreaterThan(0);
    expect(monotonicMs() - ran.befellMs).toBeLessThan(BOUND_MS);
    expect(ran.status).toBe(130);
    expect(ran.run.results[0]).toMatchObject({ scenario: FIRST, verdict: 'pass' });
  });
});
