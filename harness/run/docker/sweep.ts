/**
 * Removes what killed runs left on the engine, and nobody else's: only objects whose run has no living guard, and whose
 * harness is not known to live. The guard speaks for harnesses elsewhere; the mark for ours while one guard follows another.
 */
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
/** The engine removes a cell in about a second. */
const REMOVAL_LIMIT_MS = 20_000;

export interface Swept {
  readonly runs: readonly string[];
  readonly containers: number;
  readonly networks: number;
}

/** Removes the containers and networks of every run that nobody guards, and of every check that was killed. */
export async function sweepDocker(engine: Engine): Promise<Swept> {
  const all = await labelled(engine, (labels) => labels[RUN_LABEL] !== BY_HAND);
  // Asked after the objects: a run that begins in between has its guard before anything else.
  const guarded = await guardedRuns(engine);
  const abandoned = async (objects: readonly Labelled[]): Promise<Labelled[]> => {
    const unguarded = objects.filter(({ run }) => !guarded.has(run));
    const lives = await Promise.all(unguarded.map(({ labels }) => surelyLives(labels)));
    return unguarded.filter((_, index) => lives[index] !== true);
  };
  const containers = [...(await abandoned(all.containers)), ...(await abandonedChecks(engine))];
  const networks = await abandoned(all.networks);
  await removeAll(engine, { containers, networks });
  const runs = new Set([...containers, ...networks].map(({ run }) => run));
  return { runs: [...runs], containers: containers.length, networks: networks.length };
}

async function abandonedChecks(engine: Engine): Promise<Labelled[]> {
  const made = await answered(LISTING, engine.listContainers({ all: true, filters: { label: [CHECK_LABEL] } }));
  const found = made.map(async ({ Id, Labels }) =>
    (await mayLive(Labels)) ? [] : [{ id: Id, run: `check ${Labels[CHECK_LABEL] ?? ''}`, labels: Labels }],
  );
  return (await Promise.all(found)).flat();
}

/** Removes everything of one run, its guard apart. */
export async function removeRun(engine: Engine, run: string): Promise<void> {
  await removeUntilNone(engine, (labels) => labels[RUN_LABEL] === run && labels[GUARD_LABEL] === undefined);
}

/** Removes everything of one cell. */
export async function removeProject(engine: Engine, project: string): Promise<void> {
  await removeUntilNone(engine, (labels) => labels[PROJECT_LABEL] === project);
}

/** Again until none is left: what was being made while the first list was, and a network that still had a container. */
async function removeUntilNone(engine: Engine, wanted: (labels: Labels) => boolean): Promise<void> {
  const limitMs = monotonicMs() + REMOVAL_LIMIT_MS;
  for (;;) {
    const found = await labelled(engine, wanted);
    const left = found.containers.length + found.networks.length;
    if (left === 0) return;
    if (monotonicMs() > limitMs) throw new Error(`${left} containers and networks would not go`);
    await removeAll(engine, found);
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
  readonly run: string;
  readonly labels: Labels;
}

interface Objects {
  readonly containers: readonly Labelled[];
  readonly networks: readonly Labelled[];
}

async function labelled(engine: Engine, wanted: (labels: Labels) => boolean): Promise<Objects> {
  const filters = { label: [RUN_LABEL] };
  const ours = (objects: readonly { Id: string; Labels?: Labels | undefined }[]): Labelled[] =>
    objects
      .map(({ Id, Labels = {} }) => ({ id: Id, run: Labels[RUN_LABEL] ?? '', labels: Labels }))
      .filter(({ labels }) => wanted(labels));
  return {
    containers: ours(await answered(LISTING, engine.listContainers({ all: true, filters }))),
    networks: ours(await answered(LISTING, engine.listNetworks({ filters }))),
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

/** Another sweep may have been faster, or be under way: then it is gone, or will be. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 409 && status !== 403) throw error;
  }
}
