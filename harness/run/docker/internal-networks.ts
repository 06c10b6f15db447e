/**
 * That no byte can go round the faults: a cell's client and server have networks without a way out, by the engine's word.
 *
 * Owns the question. The compose file, which says it, may have been changed.
 */
import { RunError } from '../run-error.ts';
import { COMPOSE_FILE } from './compose-file.ts';
import { answered } from './engine.ts';
import type { Engine } from './engine.ts';

const INTERNAL = ['client-side', 'server-side'] as const;
/** Compose writes them on each network. */
const PROJECT_LABEL = 'com.docker.compose.project';
const NAME_LABEL = 'com.docker.compose.network';

/** @throws {RunError} `cell-not-started` where one of the two networks of this project is not internal */
export async function demandInternalNetworks(engine: Engine, project: string): Promise<void> {
  const filters = { label: [`${PROJECT_LABEL}=${project}`] };
  const networks = await answered('the networks of a cell were to be listed', engine.listNetworks({ filters }));
  for (const name of INTERNAL) {
    const found = networks.filter(({ Labels }) => Labels?.[NAME_LABEL] === name);
    if (found.length === 1 && found[0]?.Internal === true) continue;
    throw new RunError(
      'cell-not-started',
      `the network ${name} of a cell is not internal: what is sent on it could go round the faults`,
      `put it right in ${COMPOSE_FILE}, under "networks": "${name}" has "internal: true"`,
    );
  }
}
