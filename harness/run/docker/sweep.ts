/**
 * Removes what killed runs left on the engine, and nobody else's: only objects whose run has no living guard.
 */
import { RUN_LABEL, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { GUARD_LABEL } from './guard.ts';

/** What `docker compose up` by hand carries; it belongs to whoever typed that. */
export const BY_HAND = 'by-hand';
/** Compose writes it on all that belongs to a project. */
const PROJECT_LABEL = 'com.docker.compose.project';
/** A guard that was made this recently may not have started yet. */
const NEWBORN_MS = 60_000;

export interface Swept {
  readonly runs: readonly string[];
  readonly containers: number;
  readonly networks: number;
}

/** Removes the containers and networks of every run without a living guard. */
export async function sweepDocker(engine: Engine): Promise<Swept> {
  const guarded = await guardedRuns(engine);
  const abandoned = (labels: Readonly<Record<string, string>> | undefined): boolean => {
    const run = labels?.[RUN_LABEL];
    return run !== undefined && run !== BY_HAND && !guarded.has(run);
  };
  const { containers, networks, runs } = await labelled(engine, abandoned);
  await removeAll(engine, containers, networks);
  return { runs, containers: containers.length, networks: networks.length };
}

/** Removes everything of one run, its guard apart. */
export async function removeRun(engine: Engine, run: string): Promise<void> {
  const ofRun = (labels: Readonly<Record<string, string>> | undefined): boolean =>
    labels?.[RUN_LABEL] === run && labels[GUARD_LABEL] === undefined;
  const { containers, networks } = await labelled(engine, ofRun);
  await removeAll(engine, containers, networks);
}

/** Removes everything of one cell. */
export async function removeProject(engine: Engine, project: string): Promise<void> {
  const { containers, networks } = await labelled(engine, (labels) => labels?.[PROJECT_LABEL] === project);
  await removeAll(engine, containers, networks);
}

async function guardedRuns(engine: Engine): Promise<ReadonlySet<string>> {
  const guards = await engine.listContainers({ all: true, filters: { label: [GUARD_LABEL] } });
  const living = guards.filter(
    ({ State, Created }) => State === 'running' || (State === 'created' && Date.now() - Created * 1000 < NEWBORN_MS),
  );
  return new Set(living.flatMap(({ Labels }) => Labels[GUARD_LABEL] ?? []));
}

type Labels = Readonly<Record<string, string>> | undefined;

async function labelled(engine: Engine, wanted: (labels: Labels) => boolean) {
  const filters = { label: [RUN_LABEL] };
  const containers = (await engine.listContainers({ all: true, filters })).filter(({ Labels }) => wanted(Labels));
  const networks = (await engine.listNetworks({ filters })).filter(({ Labels }) => wanted(Labels));
  const runs = [...containers, ...networks].map(({ Labels }) => Labels?.[RUN_LABEL] ?? '');
  return {
    containers: containers.map(({ Id }) => Id),
    networks: networks.map(({ Id }) => Id),
    runs: [...new Set(runs)],
  };
}

async function removeAll(engine: Engine, containers: readonly string[], networks: readonly string[]): Promise<void> {
  await Promise.all(containers.map((id) => unlessGone(engine.getContainer(id).remove({ force: true, v: true }))));
  await Promise.all(networks.map((id) => unlessGone(engine.getNetwork(id).remove())));
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
