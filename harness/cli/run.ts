/**
 * `halfopen run`: from the command line to a run, shown while it goes on, and its report.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Shard } from '../evidence/run.ts';
import { readConfig } from '../suite/config.ts';
import type { Config } from '../suite/config.ts';
import { lastFailed, namedAgain } from '../suite/last-failed.ts';
import type { NamedAgain } from '../suite/last-failed.ts';
import { reproducer } from '../report/reproduce.ts';
import { runSuite } from '../suite/run-suite.ts';
import type { AnyJob } from '../suite/plain-job.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments, reportFolder, seedWord, wholeNumber } from './arguments.ts';
import { chooseJobs, shardFrom } from './choose-jobs.ts';
import { configuredFilters, configuredFlags, whereItStands } from './configured.ts';
import { enterOrSignal } from './held-case.ts';
import { jsonPrinter } from './json-printer.ts';
import { jsonLine, printable, printableMessage } from './printable.ts';
import { renderedReport } from './rendered-report.ts';
import { consolePrinter } from './run-printer.ts';

/** Most of a scenario is waiting, so that cells outnumber cores; more than this and they wait for each other. */
const DEFAULT_CELLS = 4;

/** Where run folders are made unless told otherwise. */
const REPORTS = 'reports';

const OPTIONS = {
  server: { type: 'string', multiple: true },
  client: { type: 'string', multiple: true },
  'plain-server': { type: 'string', multiple: true },
  'plain-client': { type: 'string', multiple: true },
  within: { type: 'string' },
  cell: { type: 'string' },
  proxy: { type: 'string' },
  kernel: { type: 'string' },
  seed: { type: 'string' },
  repeat: { type: 'string' },
  cells: { type: 'string' },
  report: { type: 'string' },
  basic: { type: 'boolean' },
  shard: { type: 'string' },
  'last-failed': { type: 'boolean' },
  control: { type: 'boolean' },
  'until-fail': { type: 'boolean' },
  'keep-on-failure': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** What a run is asked for, all said and done. */
interface Asked {
  readonly values: Values;
  readonly reports: string;
  readonly seed: string;
  readonly jobs: readonly AnyJob[];
  readonly cells: number;
}

export async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values: flags, positionals } = readArguments('run', args, OPTIONS);
  const config = await readConfig(process.cwd());
  const given = new Set(Object.keys(flags));
  if (positionals.length > 0) given.add('FILTER');
  const asked = await askedFor(flags, positionals, config, given).catch((error: unknown) => {
    throw whereItStands(error, given);
  });
  return asked === null ? 0 : await perform(asked, args, signal);
}

/** Null: what failed is to be run again, and nothing did. */
async function askedFor(
  flags: Values,
  positionals: readonly string[],
  config: Config,
  given: Set<string>,
): Promise<Asked | null> {
  const reports = reportFolder(flags.report ?? config.defaults.report, REPORTS);
  const failed = flags['last-failed'] === true ? await lastFailed(reports) : null;
  if (failed !== null && failed.results.length === 0) {
    tellNothing(`nothing failed in ${failed.run}`, flags.json === true);
    return null;
  }
  if (failed?.ended === false)
    console.error(
      `halfopen: ${printable(failed.run)} was killed: what it had not come to is not known, and is not run again`,
    );
  // What failed is run again as it was, past the configuration's choice; what is given now goes before.
  const again: NamedAgain = failed === null ? {} : namedAgain(failed);
  for (const flag of Object.keys(again)) given.add(flag);
  const said: Values = { ...again, ...flags };
  const isPlain = isPlainGiven(said);
  const values: Values = { ...configuredFlags(config, isPlain), ...said };
  const filters = positionals.length > 0 || failed !== null ? positionals : configuredFilters(config, isPlain);
  const seed = seedFrom(values.seed ?? failed?.seed, shardFrom(values.shard));
  const jobs = await chooseJobs({ flags: values, filters, seed, failed }, config);
  const most = wholeNumber('cells', values.cells, { least: 1, most: 64, fallback: DEFAULT_CELLS });
  // What is kept is looked into undisturbed; and compose keeps one cell up.
  const cells = values['keep-on-failure'] === true || jobs[0]?.plan.cell === 'compose' ? 1 : most;
  return { values, reports, seed, jobs, cells };
}

function isPlainGiven(said: Values): boolean {
  return said['plain-server'] !== undefined || said['plain-client'] !== undefined;
}

async function perform(
  { values, reports, seed, jobs, cells }: Asked,
  args: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const command = ['run', ...args];
  const results = jobs.map(({ plan: { proxy }, repetition }) => ({ proxy, repetition }));
  // What it comes to is known of every job from here, as it is of a run that has ended.
  const again = reproducer({ seed, command, exitStatus: 0, results });
  const printer = values.json === true ? jsonPrinter() : consolePrinter({ jobs, seed, cells, again });
  let problem: string | null = null;
  const finished = await runSuite(
    {
      jobs,
      cells,
      reports,
      seed,
      shard: shardFrom(values.shard),
      command,
      untilFail: values['until-fail'] === true,
      hold:
        values['keep-on-failure'] === true
          ? (job, held) => {
              printer.held(job, held);
              return enterOrSignal(process.stdin, signal);
            }
          : null,
    },
    (event) => {
      printer.show(event);
      if (event.type !== 'finished') return;
      ({ problem } = event);
      if (problem !== null) console.error(`halfopen: ${printableMessage(problem)}`);
    },
    signal,
  );
  const folder = join(reports, finished.run);
  await printer.end(finished, await renderedReport(folder, problem));
  return finished.exitStatus ?? 3;
}

/** There is nothing to run, and nothing is wrong. */
function tellNothing(why: string, json: boolean): void {
  console.log(json ? jsonLine({ type: 'nothing-to-run', reason: why }) : printable(why));
}

/** @throws {UsageError} for a shard without a seed: each machine would draw its own, and nothing could be merged */
function seedFrom(text: string | undefined, shard: Shard | null): string {
  if (text !== undefined) return seedWord(text);
  if (shard === null) return randomBytes(4).toString('hex');
  throw new UsageError('--shard takes a --seed, the same on every machine: the parts of one run share it');
}
