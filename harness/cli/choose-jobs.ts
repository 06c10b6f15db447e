/**
 * What a run is made of: scenarios, subjects, cell and proxies, from the command line and the configuration.
 *
 * Owns which of them speaks where, and what is run unasked.
 */
import { attemptFolder } from '../evidence/folder.ts';
import { CELLS } from '../evidence/plan.ts';
import type { CellKind } from '../evidence/plan.ts';
import type { Shard } from '../evidence/run.ts';
import { whyNotIn } from '../plan/capability.ts';
import { KERNELS } from '../scenario/scenario.ts';
import type { Kernel } from '../scenario/scenario.ts';
import { loadCatalogue, loadPlainCatalogue } from '../suite/catalogue.ts';
import type { Config } from '../suite/config.ts';
import { inRunningOrder, makeJobs } from '../suite/job.ts';
import type { Job } from '../suite/job.ts';
import { onlyFailed } from '../suite/last-failed.ts';
import type { LastFailed } from '../suite/last-failed.ts';
import { suggestion } from '../suite/nearest.ts';
import { makePlainJobs } from '../suite/plain-job.ts';
import type { AnyJob, PlainJob } from '../suite/plain-job.ts';
import { select } from '../suite/select.ts';
import { inShard } from '../suite/shard.ts';
import { subjectsOf, whyMissing } from '../suite/subjects.ts';
import type { KnownSubject } from '../suite/subjects.ts';
import { FlagError, UsageError } from '../suite/usage-error.ts';
import { oneOf, proxiesFrom, wholeNumber } from './arguments.ts';
import { choosePlain } from './choose-plain.ts';
import type { PlainFlags, PlainPairs } from './choose-plain.ts';
import { demandPlainFlags } from './plain-limits.ts';
import type { LimitedFlags } from './plain-limits.ts';

/** The flags that choose. */
export interface Choice extends PlainFlags, LimitedFlags {
  readonly server?: string[] | undefined;
  readonly client?: string[] | undefined;
  readonly repeat?: string | undefined;
  readonly shard?: string | undefined;
  readonly control?: boolean | undefined;
}

/** What a run is asked for: its flags, the parts of ids it was given, and what holds for all of it. */
export interface Asked {
  readonly flags: Choice;
  readonly filters: readonly string[];
  readonly seed: string;
  /** Only what failed then; null: all. */
  readonly failed: LastFailed | null;
}

/**
 * The jobs of a run.
 *
 * @throws {UsageError} for a name, a filter or a value that is not known
 */
export async function chooseJobs(asked: Asked, config: Config): Promise<AnyJob[]> {
  const { flags, failed } = asked;
  const plain = choosePlain(flags, { server: listed(flags.server), client: listed(flags.client) }, config);
  const made: AnyJob[] = plain.servers.length > 0 ? await plainJobs(asked, plain) : await contractJobs(asked, config);
  const jobs = eachOnce(made);
  const again = failed === null ? jobs : onlyFailed(jobs, failed);
  const shard = shardFrom(flags.shard);
  return shard === null ? again : inShard(again, shard);
}

function matrixOf({ flags, seed }: Asked) {
  return {
    seed,
    cell: oneOf('cell', flags.cell, CELLS, 'local'),
    repeat: wholeNumber('repeat', flags.repeat, { least: 1, most: 100_000, fallback: 1 }),
    variant: flags.control === true ? ('control' as const) : ('fault' as const),
  };
}

/**
 * The kernel's clocks that are asked for, if any are.
 *
 * @throws {FlagError} for clocks that nothing which is chosen could be given
 */
function kernelFrom({ kernel: text }: Choice, cell: CellKind): Kernel | undefined {
  if (text === undefined) return undefined;
  const kernel = oneOf('kernel', text, KERNELS, 'stock');
  const lacking = whyNotIn(cell, { kernel, faults: [] });
  if (lacking === null) return kernel;
  throw new FlagError('kernel', `cannot be ${kernel} here: ${lacking.replace('kernel: ', '')}`);
}

async function plainJobs(asked: Asked, pairs: PlainPairs): Promise<PlainJob[]> {
  const plainNames = new Set([...pairs.servers, ...pairs.clients].map(({ name }) => name));
  const { server, client } = asked.flags;
  const contract = [...listed(server), ...listed(client)].find((name) => !plainNames.has(name));
  if (contract !== undefined) {
    throw new UsageError(
      `"${contract}" is no plain subject, and meets none: plain subjects run against plain subjects`,
    );
  }
  demandPlainFlags(asked.flags);
  return makePlainJobs({ ...matrixOf(asked), entries: select(await loadPlainCatalogue(), asked.filters), ...pairs });
}

async function contractJobs(asked: Asked, config: Config): Promise<Job[]> {
  const { flags, filters } = asked;
  const known = await subjectsOf(config);
  const references = known.filter(({ origin, make }) => origin === 'reference' && make === undefined);
  const first = references.slice(0, 1);
  const chosen = { servers: named('server', flags.server, known), clients: named('client', flags.client, known) };
  const isAsked = chosen.servers !== null || chosen.clients !== null;
  const matrix = matrixOf(asked);
  const kernel = kernelFrom(flags, matrix.cell);
  const missing = new Map<string, string>();
  for (const subject of new Set([...references, ...(chosen.servers ?? []), ...(chosen.clients ?? [])])) {
    const reason = await whyMissing(subject, matrix.cell);
    if (reason !== null) missing.set(subject.name, reason);
  }
  const proxies = proxiesFrom(flags.proxy);
  const entries = select(await loadCatalogue(), filters).filter(
    ({ scenario }) => flags.basic !== true || scenario.basic,
  );
  const jobs = entries.flatMap((entry) => {
    // Unasked, every pair of references that need no building meets the basic scenarios; the others meet the first pair.
    const fallback = !isAsked && entry.scenario.basic ? references : first;
    const [servers, clients] = [chosen.servers ?? fallback, chosen.clients ?? fallback];
    return proxies.flatMap((proxy) =>
      makeJobs({ ...matrix, kernel, proxy, missing, entries: [entry], servers, clients }),
    );
  });
  return matrix.cell === 'docker' ? inRunningOrder(jobs, kernel) : jobs;
}

/**
 * The shard that is asked for; null: every case.
 *
 * @throws {UsageError} for what is no shard
 */
export function shardFrom(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, number = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  throw new UsageError(`--shard takes I/N, as in 1/4, not "${text}"`);
}

/** What was asked for twice, as `--server node,node` or with two proxies that come to one, is run once: its evidence has one place. */
function eachOnce(jobs: readonly AnyJob[]): AnyJob[] {
  const byFolder = new Map(jobs.map((job) => [attemptFolder(job.plan, job.repetition, 1), job]));
  return [...byFolder.values()];
}

/** Names that were given one by one, or with commas between them. */
function listed(names: readonly string[] | undefined): string[] {
  return (names ?? []).flatMap((list) => list.split(','));
}

/** The subjects of a flag, or `null` where it was not given. */
function named(
  flag: string,
  names: readonly string[] | undefined,
  known: readonly KnownSubject[],
): KnownSubject[] | null {
  if (names === undefined) return null;
  return listed(names).map((name) => {
    const subject = known.find((each) => each.name === name);
    if (subject !== undefined) return subject;
    const problem = `there is no subject "${name}".${suggestion(name, namesOf(known))} ${whichThereAre(known)}`;
    throw new FlagError(flag, problem, `--${flag}: ${problem}`);
  });
}

function namesOf(subjects: readonly KnownSubject[]): string[] {
  return subjects.map(({ name }) => name);
}

/** Those with a seeded bug are too many for a line. */
function whichThereAre(known: readonly KnownSubject[]): string {
  const { broken = [], others = [] } = Object.groupBy(known, ({ origin }) =>
    origin === 'broken' ? 'broken' : 'others',
  );
  return `There are ${namesOf(others).join(', ')}, and ${broken.length} with a seeded bug, which "ls services/broken" lists.`;
}
