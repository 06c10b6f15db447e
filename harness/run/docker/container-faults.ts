/**
 * The faults on a container and on the one process that is a subject in it: freezing, killing, and what proves each.
 *
 * Owns the engine's calls and their confirmation. When a fault comes is the schedule's matter; that a killed container is
 * put back is the cell's.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { Role } from '../../contract/words.ts';
import type { Delivery, Exit, OnContainer } from '../cell.ts';
import { monotonicMs } from '../clock.ts';
import { answered, statusOf } from './engine.ts';
import type { Container } from './engine.ts';
import { isOwnProcess } from './own-process.ts';

/** The engine freezes, thaws and kills within a few ms; this long means that it never will. */
const STATE_LIMIT_MS = 5_000;

/** How a container is frozen and thawed. */
export interface Freezer {
  freeze(): Promise<Delivery>;
  thaw(): Promise<void>;
}

/** Freezes and thaws a role's container, and tells of each once the engine has confirmed it. */
export function freezerOf(container: Container, role: Role, onContainer: OnContainer): Freezer {
  let isFrozen = false;
  return {
    freeze: async () => {
      const delivery = await freeze(container);
      isFrozen = true;
      onContainer(role, 'paused');
      return delivery;
    },
    thaw: async () => {
      const state = await thaw(container);
      // One that is gone does not run, and one that was never frozen is told of by its start.
      if (isFrozen && state?.Running === true) onContainer(role, 'running');
      isFrozen = false;
    },
  };
}

/** `docker pause` answers before the container is frozen: what counts is what inspecting it says afterwards. */
async function freeze(container: Container): Promise<Delivery> {
  const earliestMs = monotonicMs();
  await answered(`${named(container)} was to be paused`, container.pause());
  await until(container, 'paused', (state) => state?.Paused === true);
  const proof = `the engine says that ${named(container)} is paused`;
  return { earliestMs, latestMs: monotonicMs(), grade: 'engine', proof };
}

/** Tries until the container is not paused: neither the engine's answer to a pause nor to an unpause is the last word. */
function thaw(container: Container): Promise<State | null> {
  return until(
    container,
    'unpaused',
    // A container that is gone needs no thaw.
    (state) => state?.Paused !== true,
    () => refusable(container.unpause()),
  );
}

/** A process of a container, as this machine numbers it. */
export interface OwnProcess {
  readonly pid: number;
  readonly containerId: string;
}

/**
 * Kills the subject's own process; the container goes on.
 *
 * @returns `null` where it had ended by itself before
 */
export async function killProcess(
  { pid, containerId }: OwnProcess,
  freezer: Freezer,
  exited: Promise<Exit>,
): Promise<Delivery | null> {
  // Once it has ended its number may be anybody's.
  const isStillThere = await isOwnProcess(pid, containerId);
  const earliestMs = monotonicMs();
  const ended = exited.then((exit) => ({ exit, latestMs: monotonicMs() }));
  if (isStillThere) killAt(pid);
  // A frozen process dies of it only when it is thawed (the kernel's cgroup v1 freezer).
  const [{ exit, latestMs }] = await Promise.all([ended, freezer.thaw()]);
  if (exit.signal !== 'SIGKILL') return null;
  return { earliestMs, latestMs, grade: 'engine', proof: `process ${pid} of the container ended by SIGKILL` };
}

function killAt(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/**
 * Kills the container with all that runs in it: its processes, and then its address.
 *
 * @returns `null` where it did not run any more
 */
export async function killContainer(container: Container): Promise<Delivery | null> {
  const earliestMs = monotonicMs();
  const found = await refusable(container.kill({ signal: 'SIGKILL' }));
  const state = await until(container, 'dead', (each) => each?.Running !== true);
  if (!found) return null;
  const status = state === null ? '' : `, with status ${state.ExitCode}`;
  const proof = `the engine says that ${named(container)} was killed and does not run any more${status}`;
  return { earliestMs, latestMs: monotonicMs(), grade: 'engine', proof };
}

/** Whether signals reach the process: another user's is out of reach for whoever is not root. */
export function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

type State = Awaited<ReturnType<Container['inspect']>>['State'];

/** Polls, trying again each time where there is something to try. `null` stands for a container that is gone. */
async function until(
  container: Container,
  word: string,
  wanted: (state: State | null) => boolean,
  attempt?: () => Promise<unknown>,
): Promise<State | null> {
  const limitMs = monotonicMs() + STATE_LIMIT_MS;
  for (;;) {
    await attempt?.();
    const state = await stateOf(container);
    if (wanted(state)) return state;
    if (monotonicMs() > limitMs) throw new Error(`${named(container)} did not become ${word} in ${STATE_LIMIT_MS} ms`);
    await delay(2);
  }
}

/** What the engine says of a container; `null`: it is gone. */
export function stateOf(container: Container): Promise<State | null> {
  const state = container.inspect().then(
    ({ State }) => State,
    (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      return null;
    },
  );
  return answered(`${named(container)} was to be inspected`, state);
}

/** Whether the engine did it: it refuses what the container's state does not allow, which inspecting then shows. */
async function refusable(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status !== 409 && status !== 404 && status !== 500) throw error;
    return false;
  }
}

function named(container: Container): string {
  return `container ${container.id.slice(0, 12)}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
