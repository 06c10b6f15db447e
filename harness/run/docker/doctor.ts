/**
 * What this machine has of what Docker cells need, and how to get what is missing.
 *
 * Owns the questions; showing the answers belongs to the command. Nothing is started, built or pulled.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { messageOf } from '../run-error.ts';
import { COMPOSE_FILE, composeProblem, composeRemedy } from './compose-file.ts';
import { openEngine, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { OUR_IMAGES } from './images.ts';
import { REAPER_OFF, reaperImage, reaperRemedy, reaperState } from './reaper.ts';

const run = promisify(execFile);
const ASK_LIMIT_MS = 10_000;
const BUILT_BY_ITSELF = 'nothing: the next Docker run builds it';
const TOXIPROXY_IMAGE = 'ghcr.io/shopify/toxiproxy:2.12.0';

export interface Finding {
  readonly what: string;
  readonly there: boolean;
  /** What was found, or what came back instead. */
  readonly found: string;
  /** How to get it; empty where nothing is missing. */
  readonly remedy: string;
}

/** The engine, Compose, Buildx and each image, in that order; without an engine nothing else is asked. */
export async function examineEngine(): Promise<Finding[]> {
  const engine = await openEngine().catch((error: unknown) => messageOf(error));
  if (typeof engine === 'string') {
    const remedy = 'install and start Docker (26 or later), or point DOCKER_HOST at an engine; local cells need none';
    return [{ what: 'container engine', there: false, found: engine, remedy }];
  }
  const { Version, ApiVersion } = await engine.version();
  return [
    { what: 'container engine', there: true, found: `version ${Version}, API ${ApiVersion}`, remedy: '' },
    await examinePlugin('compose', 'install the Docker Compose plugin (2.20 or later)'),
    await examinePlugin('buildx', 'install the Docker Buildx plugin; our images are built with it'),
    await examineComposeFile(),
    await examineImage(engine, TOXIPROXY_IMAGE, `docker pull ${TOXIPROXY_IMAGE}`),
    ...(await Promise.all(OUR_IMAGES.map((name) => examineImage(engine, name, BUILT_BY_ITSELF)))),
    await examineReaper(engine),
  ];
}

async function examinePlugin(name: string, remedy: string): Promise<Finding> {
  try {
    const { stdout } = await run('docker', [name, 'version'], { timeout: ASK_LIMIT_MS });
    return { what: `docker ${name}`, there: true, found: stdout.trim().split('\n')[0] ?? '', remedy: '' };
  } catch (error) {
    return { what: `docker ${name}`, there: false, found: messageOf(error).split('\n')[0] ?? '', remedy };
  }
}

async function examineComposeFile(): Promise<Finding> {
  const problem = await composeProblem();
  if (problem === null) return { what: COMPOSE_FILE, there: true, found: 'has what a cell consists of', remedy: '' };
  return { what: COMPOSE_FILE, there: false, found: problem, remedy: composeRemedy(problem) };
}

async function examineImage(engine: Engine, name: string, remedy: string): Promise<Finding> {
  try {
    const { Id } = await engine.getImage(name).inspect();
    return { what: `image ${name}`, there: true, found: Id, remedy: '' };
  } catch (error) {
    const found = statusOf(error) === 404 ? 'not on this machine' : messageOf(error);
    return { what: `image ${name}`, there: false, found, remedy };
  }
}

/** testcontainers' own cleaner; the guard and the sweep do without it. */
async function examineReaper(engine: Engine): Promise<Finding> {
  const what = "testcontainers' reaper";
  const state = await reaperState(engine);
  if (state === 'off') return { what, there: true, found: `off, by ${REAPER_OFF}`, remedy: '' };
  if (state === 'there') return { what, there: true, found: `on, as ${reaperImage()}`, remedy: '' };
  return { what, there: false, found: `its image ${reaperImage()} is not on this machine`, remedy: reaperRemedy() };
}
