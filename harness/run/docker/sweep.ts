/**
 * Removes what killed runs left on the engine, and nobody else's: only objects whose run has no living guard, and whose
 * harness is not known to live. The guard speaks for harnesses elsewhere; the mark for ours while one guard follows another.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { monotonicMs } from '../clock.ts';
import { answered, RUN_LABEL, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { GUARD_LABEL } from './guard.ts';
import { CHECK_LABEL, mayLive, surelyLives } from './owner.ts';
import type { Labels } from './owner.ts';

/** What `docker compose up` by hand carries; it belongs to whoever typed that. */
export const BY_HAND = 'by-hand';
/** Compose writes it on all that belongs to a project. */
const PROJECT_LABEL = 'com.docker.compose.project';
/** A guard that was made this recently may not have started yet. */
const NEWBORN_MS = 60_000;
/** A check takes minutes: one of which nothing can be told from here is over by then. */
const CHECK_LIFE_MS = 24 * 3_600_000;
/** The engine removes a cell in about a second. */
const REMOVAL_LIMIT_MS = 20_000;
/** What will not go must not keep every run from beginning for longer. */
const SWEEP_LIMIT_MS = 5_000;
/** An engine makes a container in less than a tenth of a second, and a busy one in less than this. */
const STILL_MADE_MS = 3_000;

export interface Swept {
  readonly runs: readonly string[];
  readonly containers: number;
  readonly networks: number;
  /** The names of what would not go, as a network that somebody else's container is on. */
  readonly left: readonly string[];
}

/** Removes the containers and networks of every run that nobody guards, and of every check that was killed. */
export async function sweepDocker(engine: Engine): Promise<Swept> {
  const held = await heldNetworks(engine);
  const find = async (): Promise<Objects> => {
    const { containers, networks } = await abandonedObjects(engine);
    return { containers, networks: networks.filter(({ id }) => !held.has(id)) };
  };
  const { removed, left } = await removeUntilNone(engine, find, SWEEP_LIMIT_MS);
  return {
    runs: [...new Set(all(removed).map(({ run }) => run))],
    containers: removed.containers.length,
    networks: removed.networks.length,
    left: [...all(left).map(({ name }) => name), ...held.values()],
  };
}

/**
 * Sweeps until nothing more comes: what the engine was still making as a harness was killed is there only a moment later.
 *
 * @param signal aborting it ends the wait for that
 */
export async function sweepOut(engine: Engine, signal: AbortSignal): Promise<Swept> {
  const first = await sweepDocker(engine);
  if (first.runs.length === 0) return first;
  await delay(STILL_MADE_MS, null, { signal }).catch(() => null);
  if (signal.aborted) return first;
  const then = await sweepOut(engine, signal);
  return {
    runs: [...new Set([...first.runs, ...then.runs])],
    containers: first.containers + then.containers,
    networks: first.networks + then.networks,
    left: then.left,
  };
}

/** The names, by id, of abandoned networks that somebody else's container is on. */
async function heldNetworks(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const { networks } = await abandonedObjects(engine);
  const held = networks.map(async ({ id, name }) => {
    const holders = await answered(LISTING, engine.listContainers({ filters: { network: [id] } }));
    return holders.some(({ Labels }) => Labels[RUN_LABEL] === undefined) ? [[id, name] as const] : [];
  });
  return new Map((await Promise.all(held)).flat());
}

async function abandonedObjects(engine: Engine): Promise<Objects> {
  const objects = await labelled(engine, (labels) => labels[RUN_LABEL] !== BY_HAND);
  // Asked after the objects: a run that begins in between has its guard before anything else.
  const guarded = await guardedRuns(engine);
  const abandoned = async (found: readonly Labelled[]): Promise<Labelled[]> => {
    const unguarded = found.filter(({ run }) => !guarded.has(run));
    const lives = await Promise.all(unguarded.map(({ labels }) => surelyLives(labels)));
    return unguarded.filter((_, index) => lives[index] !== true);
  };
  const checks = await abandonedChecks(engine);
  return {
    containers: [...(await abandoned(objects.containers)), ...checks.containers],
    networks: [...(await abandoned(objects.networks)), ...checks.networks],
  };
}

/**
 * A check has no guard. Where its harness is out of sight, as in another container, its age alone tells that it is gone; by
 * the engine's own clock, for that is what it was stamped by.
 */
async function abandonedChecks(engine: Engine): Promise<Objects> {
  const filters = { label: [CHECK_LABEL] };
  const containers = await answered(LISTING, engine.listContainers({ all: true, filters }));
  const networks = await answered(LISTING, engine.listNetworks({ filters }));
  if (containers.length + networks.length === 0) return { containers: [], networks: [] };
  const { SystemTime } = (await answered(LISTING, engine.info())) as { SystemTime: string };
  const bornAfterMs = Date.parse(SystemTime) - CHECK_LIFE_MS;
  const abandoned = async (id: string, name: string, bornMs: number, labels: Labels = {}): Promise<Labelled[]> => {
    const isAbandoned = bornMs > bornAfterMs ? !(await mayLive(labels)) : !(await surelyLives(labels));
    return isAbandoned ? [{ id, name, run: `check ${labels[CHECK_LABEL] ?? ''}`, labels }] : [];
  };
  const found = await Promise.all([
    Promise.all(containers.map((made) => abandoned(made.Id, nameOf(made.Names), made.Created * 1000, made.Labels))),
    Promise.all(networks.map((made) => abandoned(made.Id, made.Name, Date.parse(made.Created), made.Labels))),
  ]);
  return { containers: found[0].flat(), networks: found[1].flat() };
}

/** Removes everything of one run, its guard apart. */
export async function removeRun(engine: Engine, run: string): Promise<void> {
  await removeAllOf(engine, (labels) => labels[RUN_LABEL] === run && labels[GUARD_LABEL] === undefined);
}

/** Removes everything of one cell. */
export async function removeProject(engine: Engine, project: string): Promise<void> {
  await removeAllOf(engine, (labels) => labels[PROJECT_LABEL] === project);
}

async function removeAllOf(engine: Engine, wanted: (labels: Labels) => boolean): Promise<void> {
  const { left } = await removeUntilNone(engine, () => labelled(engine, wanted), REMOVAL_LIMIT_MS);
  const count = all(left).length;
  if (count > 0) throw new Error(`${count} containers and networks would not go`);
}

/**
 * Again until none is found: what was being made while the first list was, what another sweep had begun to remove, and a
 * network that still had a container.
 *
 * @param limitMs how long nothing may go before it is given up
 */
async function removeUntilNone(
  engine: Engine,
  find: () => Promise<Objects>,
  limitMs: number,
): Promise<{ removed: Objects; left: Objects }> {
  const containers = new Map<string, Labelled>();
  const networks = new Map<string, Labelled>();
  let before = '';
  let changedMs = monotonicMs();
  for (;;) {
    const left = await find();
    for (const each of left.containers) containers.set(each.id, each);
    for (const each of left.networks) networks.set(each.id, each);
    const ids = all(left)
      .map(({ id }) => id)
      .toSorted()
      .join();
    if (ids !== before) changedMs = monotonicMs();
    before = ids;
    if (ids === '' || monotonicMs() - changedMs > limitMs) {
      const went = (seen: ReadonlyMap<string, Labelled>): Labelled[] =>
        [...seen.values()].filter(({ id }) => !ids.includes(id));
      return { removed: { containers: went(containers), networks: went(networks) }, left };
    }
    await removeAll(engine, left);
  }
}

async function guardedRuns(engine: Engine): Promise<ReadonlySet<string>> {
  const guards = await engine.listContainers({ all: true, filters: { label: [GUARD_LABEL] } });
  const runs = guards.map(async ({ State, Created, Labels }) => {
    const isNewborn = State === 'created' && Date.now() - Created * 1000 < NEWBORN_MS && (await mayLive(Labels));
    return State === 'running' || isNewborn ? [Labels[GUARD_LABEL] ?? ''] : [];
  });
  return new Set((await Promise.all(runs)).flat());
}

const LISTING = 'what is on the engine could not be listed';

/** A container or network of ours. */
interface Labelled {
  readonly id: string;
  readonly name: string;
  readonly run: string;
  readonly labels: Labels;
}

interface Objects {
  readonly containers: readonly Labelled[];
  readonly networks: readonly Labelled[];
}

const all = ({ containers, networks }: Objects): Labelled[] => [...containers, ...networks];

/** The engine writes a container's name with a slash before it. */
const nameOf = ([first = '']: readonly string[]): string => first.replace('/', '');

async function labelled(engine: Engine, wanted: (labels: Labels) => boolean): Promise<Objects> {
  const filters = { label: [RUN_LABEL] };
  const ours = (id: string, name: string, labels: Labels = {}): Labelled[] =>
    wanted(labels) ? [{ id, name, run: labels[RUN_LABEL] ?? '', labels }] : [];
  const containers = await answered(LISTING, engine.listContainers({ all: true, filters }));
  const networks = await answered(LISTING, engine.listNetworks({ filters }));
  return {
    containers: containers.flatMap(({ Id, Names, Labels }) => ours(Id, nameOf(Names), Labels)),
    networks: networks.flatMap(({ Id, Name, Labels }) => ours(Id, Name, Labels)),
  };
}

/** Removes one container, with the volumes that were made for it; one that is gone already is gone. */
export function removeContainer(engine: Engine, idOrName: string): Promise<void> {
  return unlessGone(engine.getContainer(idOrName).remove({ force: true, v: true }));
}

async function removeAll(engine: Engine, { containers, networks }: Objects): Promise<void> {
  await Promise.all(containers.map(({ id }) => removeContainer(engine, id)));
  await Promise.all(networks.map(({ id }) => unlessGone(engine.getNetwork(id).remove())));
}

/** Another sweep may have been faster, or be under way: then it is gone, or is asked for again. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 409 && status !== 403) throw error;
  }
}
