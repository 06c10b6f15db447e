/**
 * What is to be run: every chosen scenario with every chosen pair, as a plain list.
 *
 * Owns the selection, and the order in which Docker cells are quickest through it; when and where a job runs is `pool.ts`.
 */
import { whyUnsupported } from '../plan/capability.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CellKind, Plan, ProxyKind } from '../evidence/plan.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { scriptedRole } from '../scenario/fault.ts';
import type { Kernel } from '../scenario/scenario.ts';
import type { Role } from '../contract/words.ts';
import { PEER } from './subjects.ts';
import type { KnownSubject } from './subjects.ts';

/** One scenario with one pair, once. */
export interface Job {
  readonly entry: CatalogueEntry;
  readonly server: KnownSubject;
  readonly client: KnownSubject;
  readonly plan: Plan;
  readonly repetition: number;
  /** Why it can't be run at all, with the verdict that follows; `null` for a job to run. */
  readonly excused: { verdict: 'not-run' | 'unsupported'; reason: string } | null;
}

export interface Matrix {
  readonly entries: readonly CatalogueEntry[];
  readonly servers: readonly KnownSubject[];
  readonly clients: readonly KnownSubject[];
  readonly seed: string;
  readonly cell: CellKind;
  /** `auto`: real Toxiproxy in Docker where it can deliver the scenario's faults, else wire. */
  readonly proxy: ProxyKind | 'auto';
  readonly repeat: number;
  /** Subjects whose runtime this machine has not, by name, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
  /** `control`: with the faults left out, which must be clean. Default `fault`. */
  readonly variant?: Plan['variant'];
  /** The clocks of the kernel under a scenario that names none; absent: as they come. */
  readonly kernel?: Kernel | undefined;
}

/** Every job of a matrix: scenarios outermost, so that a pair's results come in together. */
export function makeJobs(matrix: Matrix): Job[] {
  const repetitions = Array.from({ length: matrix.repeat }, (_, index) => index + 1);
  return matrix.entries.flatMap((entry) =>
    castFor(matrix, entry, 'server').flatMap((server) =>
      castFor(matrix, entry, 'client').flatMap((client) =>
        repetitions.map((repetition) => makeJob(matrix, entry, { server, client }, repetition)),
      ),
    ),
  );
}

/** Who plays a role: the chosen subjects in turn, unless the scenario gives it to the scripted peer. */
function castFor(matrix: Matrix, { scenario }: CatalogueEntry, role: Role): readonly KnownSubject[] {
  const isScripted = matrix.variant !== 'control' && scriptedRole(scenario.faults) === role;
  if (isScripted) return [PEER];
  return role === 'server' ? matrix.servers : matrix.clients;
}

function makeJob(
  matrix: Matrix,
  entry: CatalogueEntry,
  pair: { server: KnownSubject; client: KnownSubject },
  repetition: number,
): Job {
  const { server, client } = pair;
  const at = (proxy: ProxyKind): Plan =>
    makePlan(entry.id, entry.scenario, {
      cell: matrix.cell,
      proxy,
      server: server.name,
      client: client.name,
      seed: matrix.seed,
      variant: matrix.variant ?? 'fault',
      kernel: matrix.kernel,
    });
  const plan = at(chooseProxy(matrix, at('toxiproxy')));
  const missing = matrix.missing.get(server.name) ?? matrix.missing.get(client.name);
  const { only } = entry.scenario;
  const elsewhere = only !== undefined && only.cell !== plan.cell ? only.because : null;
  const unsupported = elsewhere ?? whyUnsupported(plan, plan.cell, plan.proxy);
  const excused =
    missing !== undefined
      ? ({ verdict: 'not-run', reason: missing } as const)
      : unsupported !== null
        ? ({ verdict: 'unsupported', reason: unsupported } as const)
        : null;
  return { entry, server, client, plan, repetition, excused };
}

function chooseProxy(matrix: Matrix, plan: Plan): ProxyKind {
  if (matrix.proxy !== 'auto') return matrix.proxy;
  if (matrix.cell === 'local') return 'wire';
  return whyUnsupported(plan, matrix.cell, 'toxiproxy') === null ? 'toxiproxy' : 'wire';
}

/**
 * Jobs on the same terrain one after the other: a place is given its own only when it is made. The usual terrain comes last,
 * for what waits for a kernel or is short of something takes longest, and would be waited for alone at the end. On each the
 * longest comes first, by what its plan waits, for the same reason. What needs quiet has to wait for all that runs, which is
 * least once nothing is left to begin.
 *
 * @param usual the clocks of the kernel under a scenario that names none
 */
export function inRunningOrder(jobs: readonly Job[], usual: Kernel = 'stock'): Job[] {
  const terrain = ({ entry }: Job): string => {
    const { kernel = usual, resources } = entry.scenario;
    return kernel === usual && resources === undefined ? '' : JSON.stringify([kernel, resources]);
  };
  return jobs.toSorted(
    (one, other) =>
      Number(one.entry.scenario.quiet) - Number(other.entry.scenario.quiet) ||
      terrain(other).localeCompare(terrain(one)) ||
      other.plan.waitsMs - one.plan.waitsMs,
  );
}
