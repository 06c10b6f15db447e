/**
 * Whether the compose file is one that a cell can be brought up from: asked of Compose before anything is.
 *
 * Owns the question. What each service must be is a test's matter (`compose-file.docker.test.ts`).
 */
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as v from 'valibot';

import { messageOf, RunError } from '../run-error.ts';
import { INSTALL_COMPOSE, LEAST_COMPOSE, oldCompose } from './compose-version.ts';
import { dockerEnvironment } from './docker-command.ts';
import { inOneLine } from './one-line.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const COMPOSE_FILE = 'docker-compose.yml';
/** Of a proxy in its container. */
export const API_PORT = 8474;
const ASK_LIMIT_MS = 10_000;

/** What a cell consists of; the proxies' API is reached through a port that they publish. */
const SERVICES = { server: false, client: false, proxy: true, wire: true } as const;

const configSchema = v.object({
  services: v.record(v.string(), v.object({ ports: v.optional(v.array(v.object({ target: v.number() })), []) })),
});

/** Words of a machine that has Docker's command not at all, or without Compose. */
const NO_COMPOSE = /spawn docker|unknown command|unknown shorthand flag|unknown flag|is not a docker command/;
const REMEDY = `"git checkout ${COMPOSE_FILE}" brings the one that came with the product back; "docker compose config" says where this one is wrong`;

/**
 * What is wrong with the compose file; `null` where a cell can be brought up from it.
 *
 * @param folder that holds it
 */
export async function composeProblem(folder: string = ROOT, signal?: AbortSignal): Promise<string | null> {
  const config = [
    'compose',
    // Compose would make one of the folder's name, of which nothing is left where it is in other letters than a to z.
    '--project-name',
    'halfopen',
    '--env-file',
    devNull,
    '--file',
    join(folder, COMPOSE_FILE),
    '--profile',
    'cell',
    '--profile',
    'wire',
    'config',
    '--format',
    'json',
  ];
  try {
    const { stdout } = await promisify(execFile)('docker', config, {
      timeout: ASK_LIMIT_MS,
      env: dockerEnvironment(),
      ...(signal === undefined ? {} : { signal }),
    });
    return lack(v.parse(configSchema, JSON.parse(stdout)).services);
  } catch (error) {
    signal?.throwIfAborted();
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return inOneLine(said === '' ? messageOf(error) : said);
  }
}

function lack(services: v.InferOutput<typeof configSchema>['services']): string | null {
  for (const [name, published] of Object.entries(SERVICES)) {
    const service = services[name];
    if (service === undefined) return `it has no service "${name}"`;
    if (published && !service.ports.some(({ target }) => target === API_PORT))
      return `its service "${name}" does not publish port ${API_PORT}, that of its API`;
  }
  return null;
}

/** What helps against it. */
export function composeRemedy(problem: string): string {
  return NO_COMPOSE.test(problem)
    ? `install Docker's command with its Compose plugin (${LEAST_COMPOSE} or later)`
    : REMEDY;
}

/** @throws {RunError} `cell-not-started` where no cell can be brought up from the compose file */
export async function demandComposeFile(signal: AbortSignal): Promise<void> {
  const [old, problem] = await Promise.all([oldCompose(), composeProblem(ROOT, signal)]);
  if (old !== null) throw new RunError('cell-not-started', `Docker Compose ${old} is too old`, INSTALL_COMPOSE);
  if (problem === null) return;
  const what = NO_COMPOSE.test(problem) ? `${COMPOSE_FILE} could not be read` : `${COMPOSE_FILE} is not valid`;
  throw new RunError('cell-not-started', `${what}: ${problem}`, composeRemedy(problem));
}
