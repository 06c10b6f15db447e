/**
 * The container engine, as the harness reaches it.
 *
 * Owns finding it, and the words for an engine that is not there or answers with an error.
 */
import { getContainerRuntimeClient } from 'testcontainers';

import { messageOf, RunError } from '../run-error.ts';
import { engineHost, engineProblem, isAtSocket, noEngine } from './engine-answer.ts';
import { ANSWER_LIMIT_MS, EngineSilent, limitPatience, STUCK } from './engine-patience.ts';
import { inOneLine } from './one-line.ts';

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
  if (isAtSocket()) process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1';
}

/** The library's own client. Left to look for an engine itself it could take another than all that ask without it. */
async function clientAt(host: string): ReturnType<typeof getContainerRuntimeClient> {
  const named = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = host;
  try {
    return await getContainerRuntimeClient();
  } finally {
    if (named === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = named;
  }
}

/**
 * Finds the engine, where `DOCKER_HOST` says or else at the first usual place where one answers.
 *
 * @throws {RunError} `cell-not-started` when none answers there
 */
export async function openEngine(signal?: AbortSignal): Promise<Engine> {
  const problem = await engineProblem(signal);
  if (problem !== null) throw noEngine(problem);
  expectPortsHere();
  try {
    const client = await answered('it was asked what it is', clientAt(engineHost()));
    const engine = client.container.dockerode;
    limitPatience(engine);
    demandVersion(await answered('it was asked for its version', engine.version()));
    return engine;
  } catch (error) {
    if (error instanceof EngineTooOld) throw error;
    // testcontainers tells only that it found none.
    throw noEngine((await engineProblem(signal)) ?? messageOf(error), error);
  }
}

/** The oldest that the tests run with. */
const LEAST_API = [1, 45] as const;

class EngineTooOld extends RunError {}

function demandVersion({ Version, ApiVersion }: { Version: string; ApiVersion: string }): void {
  const [major = 0, minor = 0] = ApiVersion.split('.').map(Number);
  if (major > LEAST_API[0] || (major === LEAST_API[0] && minor >= LEAST_API[1])) return;
  throw new EngineTooOld(
    'cell-not-started',
    `the container engine is too old: version ${Version}, with API ${ApiVersion}`,
    `install Docker 26 or later (API ${LEAST_API.join('.')}); local cells need no engine`,
  );
}

/**
 * An engine's answer, waited for no longer than an engine that lives takes.
 *
 * @param attempted what was asked of it, as the beginning of a sentence
 * @throws {RunError} `cell-not-started` when it does not come, or is an error
 */
export async function answered<Value>(attempted: string, call: Promise<Value>): Promise<Value> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)), ANSWER_LIMIT_MS);
  try {
    return await Promise.race([call, silence.promise]);
  } catch (error) {
    throw engineError(attempted, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Known troubles of an engine, by the words it uses for them, and what helps. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /spawn docker|compose is not installed|unknown command: docker|is not a docker command/i,
    "install Docker's command with its Compose and Buildx plugins: the harness calls it",
  ],
  // Before the next: a name can hold any word.
  [
    /no such image|image .* not found|pull access denied/i,
    'pull or build the image first: the harness never looks for a subject in a registry',
  ],
  [
    /registry|no such host|toomanyrequests/i,
    "an image could not be pulled: pull it where a registry can be reached; if it is testcontainers' reaper, TESTCONTAINERS_RYUK_DISABLED=true does without (the guard and the sweep do its work)",
  ],
  [
    // The engine's words up to version 26, and from 27 on.
    /non-overlapping IPv4 address pool|could not find an available|predefined address pools/i,
    'the engine has no network left to give: "halfopen clean" removes what killed runs left, "docker network prune" what nobody uses; or fewer --cells, or larger default-address-pools in its daemon.json',
  ],
  [/range of cpus/i, 'ask for fewer "cpus" in resources: the engine has no more'],
  [/unable to find user/i, 'name a "user" that the image has, or one by numbers, as in "1000:1000"'],
  [/no space left/i, 'the disk is full: "docker system prune" frees what nobody uses'],
  [
    /cannot connect|error during connect|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|socket hang up|no answer within|is the docker daemon running/i,
    STUCK,
  ],
  [
    /yaml|services\.|is not allowed|additional propert/i,
    'docker-compose.yml is not valid: "docker compose config" says where',
  ],
];

/** An engine's error in the harness's words and in one line; one that says already what was attempted stays as it is. */
export function engineError(attempted: string, error: unknown): RunError {
  const isSilent = error instanceof EngineSilent;
  if (error instanceof RunError && !isSilent) return error;
  const message = inOneLine(messageOf(error));
  const remedy = isSilent ? error.remedy : REMEDIES.find(([pattern]) => pattern.test(message))?.[1];
  return new RunError('cell-not-started', `${attempted}: ${message}`, remedy ?? 'run "halfopen doctor"', error);
}

/** The status of the engine's answer, where an error carries one: 404 no such object, 409 not in that state. */
export function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}
