/**
 * testcontainers' own cleaner, a container that it pulls by itself.
 *
 * Owns whether it is asked for, and the words for where it cannot be had: the guard and the sweep do without it.
 */
import { getContainerRuntimeClient, getReaper } from 'testcontainers';

import { messageOf, RunError } from '../run-error.ts';
import { statusOf } from './engine.ts';
import type { Engine } from './engine.ts';

/** The variable by which testcontainers does without it. */
export const REAPER_OFF = 'TESTCONTAINERS_RYUK_DISABLED';
/** The version that this testcontainers asks for (its `reaper/reaper.ts`). */
const REAPER_IMAGE = 'testcontainers/ryuk:0.14.0';
const START_LIMIT_MS = 120_000;

export type ReaperState = 'off' | 'there' | 'missing';

/** The reaper's image, as testcontainers finds it. */
export function reaperImage(): string {
  return process.env['RYUK_CONTAINER_IMAGE'] ?? REAPER_IMAGE;
}

/** Whether it is wanted, and its image on this machine. */
export async function reaperState(engine: Engine): Promise<ReaperState> {
  if (process.env[REAPER_OFF] === 'true') return 'off';
  try {
    await engine.getImage(reaperImage()).inspect();
    return 'there';
  } catch (error) {
    if (statusOf(error) === 404) return 'missing';
    throw error;
  }
}

/** How to get it, or to do without. */
export function reaperRemedy(): string {
  return `"docker pull ${reaperImage()}" where a registry can be reached; elsewhere set ${REAPER_OFF}=true: the guard and the sweep of Halfopen remove what a run leaves`;
}

/**
 * Starts it before anything else, so that where it cannot be had this is said in its own words.
 *
 * @throws {RunError} `cell-not-started`
 */
export async function startReaper(engine: Engine, signal: AbortSignal): Promise<void> {
  const state = await reaperState(engine);
  if (state === 'off') return;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  const stopped = Promise.withResolvers<never>();
  limit.addEventListener('abort', () => stopped.reject(limit.reason as Error), { once: true });
  try {
    await Promise.race([getContainerRuntimeClient().then(getReaper), stopped.promise]);
  } catch (error) {
    signal.throwIfAborted();
    const problem =
      state === 'missing'
        ? `its image ${reaperImage()} is not on this machine and could not be pulled`
        : 'it did not start';
    throw new RunError(
      'cell-not-started',
      `testcontainers' reaper could not be started, ${problem}: ${messageOf(error)}`,
      reaperRemedy(),
      error,
    );
  }
}
