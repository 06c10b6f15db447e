import { expect, test } from 'vitest';

import { readConfig } from '../suite/config.ts';
import { excusedResult } from '../suite/job-result.ts';
import { isPlainJob } from '../suite/plain-job.ts';
import { chooseJobs } from './choose-jobs.ts';

const empty = await readConfig('/nonexistent');

test('subjects, subjects, proxies and scenarios multiply from one command', async () => {
  const flags = {
    server: ['node,python'],
    client: ['node', 'python'],
    proxy: 'wire,toxiproxy',
    cell: 'docker',
    repeat: '2',
  };
  const filters = ['framing/a-clean-exchange-is-clean', 'disconnect/a-message-cut-by-rst-is-a-reset'];
  const jobs = await chooseJobs({ flags, filters, seed: 's', failed: null }, empty);
  const cases = jobs.map(({ plan: { scenario, server, client, proxy }, repetition }) =>
    [scenario, server, client, proxy, repetition].join(' '),
  );
  expect(new Set(cases).size).toBe(2 * 2 * 2 * 2 * 2);
  expect(cases).toHaveLength(32);
  expect(jobs.filter(({ excused }) => excused !== null)).toEqual([]);
});

test('the cell that compose keeps up plays what needs no engine, with the one subject of its places', async () => {
  const flags = { server: ['node', 'go'], client: ['node'], cell: 'compose' };
  const filters = ['a-clean-exchange-is-clean', 'a-server-cut-off', 'the-kernel-giving-up-on-a-syn'];
  const jobs = await chooseJobs({ flags, filters, seed: 's', failed: null }, empty);
  const excuses = new Map(jobs.map(({ plan, excused }) => [`${plan.scenario} ${plan.server}`, excused]));
  expect(excuses.get('framing/a-clean-exchange-is-clean node')).toBeNull();
  expect(excuses.get('framing/a-clean-exchange-is-clean go')?.verdict).toBe('not-run');
  expect(excuses.get('dead-peer/a-server-cut-off-its-network-is-noticed node')?.reason).toContain(
    'cut: it needs the engine',
  );
  expect(excuses.get('connect/the-kernel-giving-up-on-a-syn-is-told-as-a-timeout node')?.reason).toContain('kernel: ');
});

test("the kernel's clocks that are asked for are every plan's but those of scenarios that name their own", async () => {
  const flags = { server: ['node'], client: ['node'], cell: 'docker', kernel: 'fast' };
  const own = ['connect/a-full-queue-that-drains-lets-the-waiting-in'];
  const all = await chooseJobs({ flags, filters: [], seed: 's', failed: null }, empty);
  const jobs = all.flatMap((job) => (isPlainJob(job) ? [] : [job]));
  const stock = jobs.filter(({ plan }) => plan.kernel !== 'fast');
  expect(stock.map(({ plan }) => plan.scenario)).toEqual(own);
  // Only what the scenario does not say itself is said of a result.
  const said = jobs.filter((job) => excusedResult(job, { verdict: 'not-run', reason: 'r' }).kernel !== 'fast');
  expect(said.length).toBeGreaterThan(stock.length);
  expect(said.filter(({ entry }) => entry.scenario.kernel === undefined)).toEqual([]);
  // What is usual comes last.
  const first = jobs.findIndex(({ plan }) => plan.kernel === 'fast' && plan.resources === undefined);
  expect(jobs.findIndex(({ plan }) => plan.kernel === 'stock')).toBeLessThan(first);
});

test('what asks for another kernel or for limits comes first, then what waits longest, and what needs quiet last', async () => {
  const flags = { server: ['node'], client: ['node'], cell: 'docker' };
  const jobs = await chooseJobs({ flags, filters: [], seed: 's', failed: null }, empty);
  const isUnusual = jobs.map(
    ({ plan }) => 'workload' in plan && (plan.kernel === 'fast' || plan.resources !== undefined),
  );
  const first = isUnusual.indexOf(false);
  expect(first).toBeGreaterThan(1);
  expect(isUnusual.slice(first)).not.toContain(true);
  const needQuiet = jobs.filter((job) => !isPlainJob(job) && job.entry.scenario.quiet).map(({ plan }) => plan.scenario);
  const scenarios = jobs.map(({ plan }) => plan.scenario);
  expect(scenarios.slice(-needQuiet.length)).toEqual(needQuiet);
  const usual = jobs.slice(first, -needQuiet.length).map(({ plan }) => plan);
  expect(usual.length).toBeGreaterThan(100);
  const longestFirst = usual.toSorted(
    (one, other) => other.waitsMs - one.waitsMs || (one.scenario < other.scenario ? -1 : 1),
  );
  expect(usual.map(({ scenario }) => scenario)).toEqual(longestFirst.map(({ scenario }) => scenario));
});

test('what is asked for twice is run once', async () => {
  const flags = { server: ['node,node', 'node'], client: ['node'], proxy: 'auto,wire', repeat: '2' };
  const filters = ['a-clean-exchange-is-clean', 'a-clean-exchange'];
  const jobs = await chooseJobs({ flags, filters, seed: 's', failed: null }, empty);
  expect(jobs.map(({ repetition }) => repetition)).toEqual([1, 2]);
  const plain = { 'plain-server': ['127.0.0.1:80', '127.0.0.1:80'], 'plain-client': ['curl {host}:{port}'] };
  const twice = await chooseJobs({ flags: plain, filters: ['pieces'], seed: 's', failed: null }, empty);
  expect(twice).toHaveLength(1);
});
