/**
 * The container engine, as the harness reaches it.
 *
 * Owns finding it, and the words for an engine that is not there or answers with an error.
 */
import { getContainerRuntimeClient } from 'testcontainers';

import { messageOf, RunError } from '../run-error.ts';

type RuntimeClient = Awaited<ReturnType<typeof getContainerRuntimeClient>>;
/** The engine's API, with what testcontainers has no word for: pause, kill, exec with standard input, labels. */
export type Engine = RuntimeClient['container']['dockerode'];
export type Container = ReturnType<Engine['getContainer']>;

/** Carried by every container and network of a run; its value is the run's own name. */
export const RUN_LABEL = 'dev.halfopen.run';

/**
 * Published ports are on the engine's 127.0.0.1. testcontainers takes a machine with a `/.dockerenv` for a container and
 * would look for them on the bridge's gateway, where nothing listens.
 */
function expectPortsHere(): void {
  const isLocal = (process.env['DOCKER_HOST'] ?? 'unix:').startsWith('unix:');
  if (isLocal) process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1';
}

/**
 * Finds the engine, at the local socket or where `DOCKER_HOST` says.
 *
 * @throws {RunError} `cell-not-started` when none answers
 */
export async function openEngine(): Promise<Engine> {
  expectPortsHere();
  try {
    return (await getContainerRuntimeClient()).container.dockerode;
  } catch (error) {
    throw new RunError(
      'cell-not-started',
      `no container engine answers: ${messageOf(error)}`,
      'start Docker, or point DOCKER_HOST at it; "halfopen doctor" shows what is missing',
      error,
    );
  }
}

/** Known troubles of an engine, by the words it uses for them, and what helps. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /registry|no such host|toomanyrequests/i,
    "an image could not be pulled: pull it where a registry can be reached; if it is testcontainers' reaper, TESTCONTAINERS_RYUK_DISABLED=true does without (the guard and the sweep do its work)",
  ],
  [
    /non-overlapping IPv4 address pool|could not find an available/i,
    'all networks are used up: "halfopen clean", "docker network prune", or fewer --cells',
  ],
  [
    /no such image|image .* not found|pull access denied/i,
    'pull or build the image first: the harness never looks for a subject in a registry',
  ],
  [/no space left/i, 'the disk is full: "docker system prune" frees what nobody uses'],
  [/cannot connect|ECONNREFUSED|ENOENT|socket hang up/i, 'the engine has stopped: start it again'],
  [
    /yaml|services\.|is not allowed|additional propert/i,
    'docker-compose.yml is not valid: "docker compose config" says where',
  ],
];

/** An engine's error in the harness's words. */
export function engineError(attempted: string, error: unknown): RunError {
  const message = messageOf(error);
  const remedy = REMEDIES.find(([pattern]) => pattern.test(message))?.[1];
  return new RunError('cell-not-started', `${attempted}: ${message}`, remedy ?? 'run "halfopen doctor"', error);
}

/** The status of the engine's answer, where an error carries one: 404 no such object, 409 not in that state. */
export function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}
