/**
 * Plain scenarios with plain pairs: what is to be run, as a plain list.
 *
 * Owns the selection; running one is `run-plain-job.ts`.
 */
import { isImage } from '../contract/plain-subject.ts';
import type { PlainClient, PlainServer } from '../contract/plain-subject.ts';
import type { CellKind, PlanFrame } from '../evidence/plan.ts';
import type { Result } from '../evidence/run.ts';
import { makeControlPlan } from '../plan/plain-plan.ts';
import type { PlainEntry } from './catalogue.ts';
import type { Job } from './job.ts';

/** A plain subject that can be named. */
export interface NamedPlain<Program> {
  readonly name: string;
  readonly program: Program;
  /** As it was given on the command line; null: it stands in the configuration. */
  readonly given: string | null;
}

/** One plain scenario with one plain pair, once. */
export interface PlainJob {
  readonly kind: 'plain';
  readonly entry: PlainEntry;
  readonly server: NamedPlain<PlainServer>;
  readonly client: NamedPlain<PlainClient>;
  /** What is known of the plan before the pair was run without faults. */
  readonly plan: PlanFrame;
  readonly repetition: number;
  /** How it was given, as far as that was on the command line. */
  readonly given: NonNullable<Result['given']>;
  readonly excused: { verdict: 'not-run' | 'unsupported'; reason: string } | null;
}

/** Anything a run can be made of. */
export type AnyJob = Job | PlainJob;

export function isPlainJob(job: AnyJob): job is PlainJob {
  return 'kind' in job;
}

export interface PlainMatrix {
  readonly entries: readonly PlainEntry[];
  readonly servers: readonly NamedPlain<PlainServer>[];
  readonly clients: readonly NamedPlain<PlainClient>[];
  readonly seed: string;
  readonly cell: CellKind;
  readonly repeat: number;
  readonly variant: PlanFrame['variant'];
}

/** Every job of a matrix, scenarios outermost. */
export function makePlainJobs(matrix: PlainMatrix): PlainJob[] {
  const repetitions = Array.from({ length: matrix.repeat }, (_, index) => index + 1);
  return matrix.entries.flatMap((entry) =>
    matrix.servers.flatMap((server) =>
      matrix.clients.flatMap((client) =>
        repetitions.map((repetition) => makePlainJob(matrix, entry, { server, client }, repetition)),
      ),
    ),
  );
}

function makePlainJob(
  matrix: PlainMatrix,
  entry: PlainEntry,
  { server, client }: Pick<PlainJob, 'server' | 'client'>,
  repetition: number,
): PlainJob {
  const { cell, seed, variant } = matrix;
  const placement = { cell, seed, proxy: 'wire', server: server.name, client: client.name } as const;
  const plan = makeControlPlan(entry.id, entry.scenario, client.program, placement);
  const reason = whyUnsupported(entry, [server.program, client.program], cell);
  const excused = reason === null ? null : ({ verdict: 'unsupported', reason } as const);
  const given = givenWords(server, client);
  return { kind: 'plain', entry, server, client, plan: { ...plan, variant }, repetition, given, excused };
}

/** What has no name in the configuration has to be given once more to run it again. */
function givenWords(server: PlainJob['server'], client: PlainJob['client']): PlainJob['given'] {
  return {
    ...(server.given === null ? {} : { server: server.given }),
    ...(client.given === null ? {} : { client: client.given, withinMs: client.program.withinMs }),
  };
}

function whyUnsupported(
  { scenario }: PlainEntry,
  [server, client]: [PlainServer, PlainClient],
  cell: CellKind,
): string | null {
  const elsewhere = [server, client].find((program) => isImage(program) !== (cell === 'docker'));
  if (elsewhere !== undefined) return elsewhereWords(elsewhere);
  const onProcess = scenario.faults.some((fault) => fault.kind === 'freeze' && fault.role === 'server');
  return onProcess && 'address' in server ? 'the server is somebody else’s, and not to be frozen' : null;
}

function elsewhereWords(program: PlainServer | PlainClient): string {
  if (isImage(program)) return `the ${program.plain} is an image: it runs with --cell docker`;
  if ('address' in program) return "the server is one of this machine's, which no container of a cell can reach";
  return `the ${program.plain} is a command of this machine: in a Docker cell it needs an image`;
}
