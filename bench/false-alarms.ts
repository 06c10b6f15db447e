/**
 * Does the judge cry wolf: correct pairs over every local scenario, again and again.
 *
 *     node bench/false-alarms.ts [--runs N] [--from N] [--busy] [--cells N] [--seed S] [--report DIR]
 *
 * `--from` begins at that run of the series, so that a long one can be made in pieces.
 *
 * Owns the choice of runs, the other work that keeps the cores busy, and the counting. Exits 1 where a correct pair
 * failed, or where more first attempts proved nothing than is asked.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import type { Result } from '../harness/evidence/run.ts';
import { loadCatalogue } from '../harness/suite/catalogue.ts';
import { makeJobs } from '../harness/suite/job.ts';
import type { Job } from '../harness/suite/job.ts';
import { rateOf } from '../harness/report/measure/rate.ts';
import { runSuite } from '../harness/suite/run-suite.ts';
import { builtInSubjects, whyMissing } from '../harness/suite/subjects.ts';
import type { KnownSubject } from '../harness/suite/subjects.ts';

/** The share of first attempts that may prove nothing. */
const MOST_UNKNOWN = { idle: 0.01, busy: 0.1 };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    busy: { type: 'boolean', default: false },
    cells: { type: 'string', default: '4' },
    seed: { type: 'string', default: 'false-alarms' },
    report: { type: 'string', default: 'reports' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const jobs = spread(await everyJob(values.seed), numberOf('from', values.from) - 1, numberOf('runs', values.runs));
  await using work = values.busy ? otherWork(availableParallelism()) : null;
  const before = loadavg()[0] ?? 0;
  console.log(`${jobs.length} runs, ${work === null ? 'nothing beside them' : 'every core busy with other work'}`);
  let done = 0;
  const run = await runSuite(
    {
      jobs,
      cells: numberOf('cells', values.cells),
      reports: values.report,
      seed: values.seed,
      command: ['bench/false-alarms', ...process.argv.slice(2)],
      untilFail: false,
    },
    (event) => {
      if (event.type !== 'result') return;
      done += 1;
      if (event.result.verdict !== 'pass') console.log(`${done}  ${told(event.result)}`);
    },
    interruption(),
  );
  return conclude(run.results, `${values.report}/${run.run}`, before);
}

/** Every scenario that a local cell can deliver, with every pair of correct subjects. */
async function everyJob(seed: string): Promise<Job[]> {
  const references: KnownSubject[] = [];
  for (const subject of await builtInSubjects()) {
    if (subject.origin !== 'reference') continue;
    const reason = await whyMissing(subject);
    if (reason === null) references.push(subject);
    else console.log(`without ${subject.name}: ${reason}`);
  }
  const jobs = makeJobs({
    entries: await loadCatalogue(),
    servers: references,
    clients: references,
    seed,
    cell: 'local',
    proxy: 'wire',
    repeat: 1,
    missing: new Map(),
  });
  return jobs.filter(({ excused }) => excused === null);
}

/**
 * So many runs, no scenario and no pair more often than another: in steps that share no factor with the number of jobs.
 *
 * @param skipped how many of them another piece of the same series makes
 */
function spread(jobs: readonly Job[], skipped: number, runs: number): Job[] {
  const step = coprime(Math.ceil(jobs.length * 0.618), jobs.length);
  return Array.from({ length: runs }, (_, nth) => {
    const index = skipped + nth;
    const job = jobs[(index * step) % jobs.length];
    if (job === undefined) throw new Error('the catalogue has no scenario that runs in a local cell');
    return { ...job, repetition: 1 + Math.floor(index / jobs.length) };
  });
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return divisor(from, to) === 1 ? from : coprime(from + 1, to);
}

/** Processes that take a core each, until disposed of, or until this process is gone. */
function otherWork(cores: number): AsyncDisposable {
  const program = `process.stdin.on('end', () => process.exit()).resume();
    const work = () => { for (const until = Date.now() + 20; Date.now() < until;); setImmediate(work); }; work();`;
  const workers: ChildProcess[] = Array.from({ length: cores }, () =>
    spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'ignore', 'inherit'] }),
  );
  return {
    [Symbol.asyncDispose]: async () => {
      for (const worker of workers) {
        const gone = once(worker, 'exit');
        worker.stdin?.end();
        await gone;
      }
    },
  };
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort('SIGINT'));
  return controller.signal;
}

function told({ scenario, server, client, attempts }: Result): string {
  const each = attempts.map(({ verdict, reason, evidence }) => `${verdict}: ${reason}\n      ${evidence}`);
  return `${scenario}  ${client}→${server}\n    ${each.join('\n    ')}`;
}

function conclude(results: readonly Result[], folder: string, loadBefore: number): number {
  const firsts = results.flatMap(({ attempts }) => attempts.slice(0, 1));
  const failed = results.filter(({ attempts }) => attempts.some(({ verdict }) => verdict === 'fail')).length;
  const count = (verdict: Result['verdict']) => firsts.filter((first) => first.verdict === verdict).length;
  const unknown = count('unknown');
  const others = firsts.length - count('pass') - count('fail') - unknown;
  const scenarios = new Set(results.map(({ scenario }) => scenario)).size;
  const pairs = new Set(results.map(({ server, client }) => `${client}→${server}`)).size;
  console.log(
    `\n${results.length} runs of ${scenarios} scenarios with ${pairs} pairs; load average before them ${loadBefore.toFixed(2)}`,
  );
  console.log(`fail     ${share(failed, firsts.length)}`);
  console.log(`unknown  ${share(unknown, firsts.length)}, on first attempts`);
  if (others > 0) console.log(`neither pass, fail nor unknown: ${others}`);
  console.log(`evidence: ${folder}`);
  const most = values.busy ? MOST_UNKNOWN.busy : MOST_UNKNOWN.idle;
  const isFine = failed === 0 && others === 0 && firsts.length > 0 && unknown <= most * firsts.length;
  return isFine ? 0 : 1;
}

/** `2 of 300, 0.67 % (95 % interval 0.18 to 2.40 %)`. */
function share(count: number, of: number): string {
  const rate = rateOf(count, of);
  const percent = (part: number) => (100 * part).toFixed(2);
  return `${count} of ${of}, ${percent(count / of)} % (95 % interval ${percent(rate.from)} to ${percent(rate.to)} %)`;
}

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${flag} takes a whole number above 0, not "${text}"`);
}
