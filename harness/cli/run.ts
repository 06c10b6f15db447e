/**
 * `halfopen run`: from the command line to a run, shown while it goes on, and its report.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { CELLS } from '../evidence/plan.ts';
import { loadCatalogue } from '../suite/catalogue.ts';
import { makeJobs, select } from '../suite/job.ts';
import type { Job } from '../suite/job.ts';
import { onlyLastFailed } from '../suite/last-failed.ts';
import { suggestion } from '../suite/nearest.ts';
import { runSuite } from '../suite/run-suite.ts';
import { inShard } from '../suite/shard.ts';
import type { Shard } from '../suite/shard.ts';
import { knownSubjects, whyMissing } from '../suite/subjects.ts';
import type { KnownSubject } from '../suite/subjects.ts';
import { UsageError } from '../suite/usage-error.ts';
import { oneOf, readArguments, wholeNumber } from './arguments.ts';
import { enterOrSignal } from './held-case.ts';
import { jsonPrinter } from './json-printer.ts';
import { renderedReport } from './rendered-report.ts';
import { consolePrinter } from './run-printer.ts';

/** Most of a scenario is waiting, so that cells outnumber cores; more than this and they wait for each other. */
const DEFAULT_CELLS = 4;

/** Where run folders are made unless told otherwise. */
const REPORTS = 'reports';

const OPTIONS = {
  server: { type: 'string', multiple: true },
  client: { type: 'string', multiple: true },
  cell: { type: 'string' },
  proxy: { type: 'string' },
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

export async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments('run', args, OPTIONS);
  const seed = seedFrom(values.seed);
  const jobs = await chooseJobs(values, positionals, seed);
  const keep = values['keep-on-failure'] === true;
  const asked = wholeNumber('cells', values.cells, { least: 1, most: 64, fallback: DEFAULT_CELLS });
  // What is kept is looked into undisturbed.
  const cells = keep ? 1 : asked;
  const printer = values.json === true ? jsonPrinter() : consolePrinter({ jobs, seed, cells });
  const finished = await runSuite(
    {
      jobs,
      cells,
      reports: values.report ?? REPORTS,
      seed,
      command: ['run', ...args],
      untilFail: values['until-fail'] === true,
      hold: keep
        ? (job, held) => {
            printer.held(job, held);
            return enterOrSignal(process.stdin, signal);
          }
        : null,
    },
    (event) => {
      printer.show(event);
      if (event.type === 'finished' && event.problem !== null) console.error(`halfopen: ${event.problem}`);
    },
    signal,
  );
  const folder = join(values.report ?? REPORTS, finished.run);
  await printer.end(finished, await renderedReport(folder));
  return finished.exitStatus ?? 3;
}

function seedFrom(text: string | undefined): string {
  if (text === undefined) return randomBytes(4).toString('hex');
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new UsageError(`--seed takes up to 64 letters, digits, dots and dashes, not "${text}"`);
}

async function chooseJobs(values: Values, filters: readonly string[], seed: string): Promise<Job[]> {
  const known = await knownSubjects(process.cwd());
  const references = known.filter(({ origin }) => origin === 'reference');
  const first = references.slice(0, 1);
  const chosen = { servers: named('server', values.server, known), clients: named('client', values.client, known) };
  const asked = chosen.servers !== null || chosen.clients !== null;
  const missing = new Map<string, string>();
  for (const subject of new Set([...references, ...(chosen.servers ?? []), ...(chosen.clients ?? [])])) {
    const reason = await whyMissing(subject);
    if (reason !== null) missing.set(subject.name, reason);
  }
  const matrix = {
    seed,
    cell: oneOf('cell', values.cell, CELLS, 'local'),
    proxy: oneOf('proxy', values.proxy, ['auto', 'wire', 'toxiproxy'] as const, 'auto'),
    repeat: wholeNumber('repeat', values.repeat, { least: 1, most: 100_000, fallback: 1 }),
    missing,
    variant: values.control === true ? ('control' as const) : ('fault' as const),
  };
  const entries = select(await loadCatalogue(), filters).filter(
    ({ scenario }) => values.basic !== true || scenario.basic,
  );
  const jobs = entries.flatMap((entry) => {
    // Unasked, every pair of reference subjects meets the basic scenarios; the others are run with the first pair.
    const fallback = !asked && entry.scenario.basic ? references : first;
    return makeJobs({
      ...matrix,
      entries: [entry],
      servers: chosen.servers ?? fallback,
      clients: chosen.clients ?? fallback,
    });
  });
  const again = values['last-failed'] === true ? await onlyLastFailed(jobs, values.report ?? REPORTS) : jobs;
  const shard = shardFrom(values.shard);
  return shard === null ? again : inShard(again, shard);
}

function shardFrom(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, number = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  throw new UsageError(`--shard takes I/N, as in 1/4, not "${text}"`);
}

/** The subjects of a flag, or `null` where it was not given. */
function named(
  flag: string,
  names: readonly string[] | undefined,
  known: readonly KnownSubject[],
): KnownSubject[] | null {
  if (names === undefined) return null;
  return names
    .flatMap((list) => list.split(','))
    .map((name) => {
      const subject = known.find((each) => each.name === name);
      if (subject !== undefined) return subject;
      const all = known.map((each) => each.name);
      throw new UsageError(
        `--${flag}: there is no subject "${name}".${suggestion(name, all)} Known: ${all.join(', ')}.`,
      );
    });
}
