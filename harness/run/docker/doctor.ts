/**
 * What the container engine has of what Docker cells need, and how to get what is missing.
 *
 * Owns the questions that only an engine can answer; showing the answers belongs to the command. Nothing is started,
 * built or pulled.
 */
import { messageOf } from '../run-error.ts';
import { withoutEngine } from './doctor-tools.ts';
import type { Finding } from './doctor-tools.ts';
import { openEngine, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { OUR_IMAGES } from './images.ts';
import { REAPER_OFF, reaperImage, reaperRemedy, reaperState } from './reaper.ts';

const BUILT_BY_ITSELF = 'nothing: the next Docker run builds it';
const TOXIPROXY_IMAGE = 'ghcr.io/shopify/toxiproxy:2.12.0';

/** The engine and each image, in that order. */
export async function examineEngine(): Promise<Finding[]> {
  const engine = await openEngine().catch((error: unknown) => messageOf(error));
  if (typeof engine === 'string') return withoutEngine(engine);
  const { Version, ApiVersion } = await engine.version();
  return [
    { what: 'container engine', there: true, found: `version ${Version}, API ${ApiVersion}`, remedy: '' },
    await examineImage(engine, TOXIPROXY_IMAGE, `docker pull ${TOXIPROXY_IMAGE}`),
    ...(await Promise.all(OUR_IMAGES.map((name) => examineImage(engine, name, BUILT_BY_ITSELF)))),
    await examineReaper(engine),
  ];
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
