/**
 * What Docker cells need that is there or missing whether an engine answers or not: the plugins of Docker's command and
 * the compose file.
 *
 * Owns these questions, and what is said where no engine answers; what only an engine knows is `doctor.ts`'s. Nothing is
 * changed.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { messageOf } from '../run-error.ts';
import { COMPOSE_FILE, composeProblem, composeRemedy } from './compose-file.ts';
import { INSTALL_COMPOSE, isOldCompose } from './compose-version.ts';
import { dockerEnvironment } from './docker-command.ts';
import { engineRemedy } from './engine-answer.ts';

const run = promisify(execFile);
const ASK_LIMIT_MS = 10_000;

export interface Finding {
  readonly what: string;
  readonly there: boolean;
  /** What was found, or what came back instead. */
  readonly found: string;
  /** How to get it; empty where nothing is missing. */
  readonly remedy: string;
}

const UNREAD: Finding = {
  what: COMPOSE_FILE,
  there: false,
  found: 'not read: only Compose can tell whether it will do',
  remedy: INSTALL_COMPOSE,
};

/** Compose, Buildx and the compose file, in that order. */
export async function examineTools(): Promise<Finding[]> {
  const [compose, buildx] = await Promise.all([
    examinePlugin('compose', INSTALL_COMPOSE),
    examinePlugin('buildx', 'install the Docker Buildx plugin; our images are built with it'),
  ]);
  return [compose, buildx, compose.there ? await examineComposeFile() : UNREAD];
}

/** What stands in the place of the engine's own findings: that there is none, and that it could not be asked the rest. */
export function withoutEngine(problem: string): Finding[] {
  const remedy =
    engineRemedy(problem) ??
    'install and start Docker (26 or later), or point DOCKER_HOST at an engine; local cells need none';
  return [
    { what: 'container engine', there: false, found: problem, remedy },
    { what: 'images', there: false, found: 'not asked: no engine answers', remedy: 'see to the engine, and ask again' },
  ];
}

async function examinePlugin(name: string, remedy: string): Promise<Finding> {
  try {
    const { stdout } = await run('docker', [name, 'version'], {
      timeout: ASK_LIMIT_MS,
      env: dockerEnvironment(),
    });
    const found = stdout.trim().split('\n')[0] ?? '';
    const isOld = name === 'compose' && isOldCompose(found);
    return { what: `docker ${name}`, there: !isOld, found, remedy: isOld ? remedy : '' };
  } catch (error) {
    return { what: `docker ${name}`, there: false, found: whyNot(error), remedy };
  }
}

/** In the command's own words, where it has any. */
function whyNot(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'docker is not on the PATH';
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (said === '' ? messageOf(error) : said).split('\n')[0] ?? '';
}

async function examineComposeFile(): Promise<Finding> {
  const problem = await composeProblem();
  if (problem === null) return { what: COMPOSE_FILE, there: true, found: 'has what a cell consists of', remedy: '' };
  return { what: COMPOSE_FILE, there: false, found: problem, remedy: composeRemedy(problem) };
}
