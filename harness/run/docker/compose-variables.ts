/**
 * What the compose file is told of a cell, by its variables.
 *
 * Owns that nobody else tells it anything: each variable of a cell's services is set here, if only to nothing, which leaves
 * what the file says. What a shell has set for another purpose would change what a run proves.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import type { Terrain } from '../cell.ts';
import type { Image } from './images.ts';
import { userFor } from './nobody.ts';

/**
 * How often the kernel tries (man 7 tcp). Measured with `fast`: what is dropped on its way out is given up after 3.2 s, a SYN
 * after 3.1 s. With one try less what was lost would be sent again for the last time after 0.6 s, and no short outage outlived.
 */
const RETRIES = { stock: { established: '', opening: '' }, fast: { established: '3', opening: '1' } } as const;

/** What a cell's services are made of. */
export interface CellMaking {
  /** The run's name and its harness, which become everything's labels. */
  readonly run: string;
  readonly owner: string;
  readonly images: Readonly<Record<Role, Image>> & { readonly wire: string };
  readonly terrain: Terrain;
}

/**
 * Compose's own variables among them: a shell's choice of profiles would start more than a cell, and its platform would have
 * images looked for that are another machine's.
 */
export function composeVariables({ run, owner, images, terrain }: CellMaking): Record<string, string> {
  const { established, opening } = RETRIES[terrain.kernel];
  return {
    COMPOSE_PROFILES: '',
    DOCKER_DEFAULT_PLATFORM: '',
    HALFOPEN_RUN: run,
    HALFOPEN_RUN_OWNER: owner,
    HALFOPEN_PROXY_IMAGE: '',
    HALFOPEN_WIRE_IMAGE: images.wire,
    HALFOPEN_TCP_RETRIES2: established,
    HALFOPEN_TCP_SYN_RETRIES: opening,
    ...Object.assign({}, ...ROLES.map((role) => placeVariables(role, images[role], terrain))),
  };
}

function placeVariables(role: Role, image: Image, { resources }: Terrain): Record<string, string> {
  const { memoryBytes = '', cpus = '', fds = '' } = resources[role] ?? {};
  const told = { IMAGE: image.id, USER: userFor(image.user), MEMORY: memoryBytes, CPUS: cpus, FDS: fds };
  return Object.fromEntries(
    Object.entries(told).map(([name, value]) => [`HALFOPEN_${role.toUpperCase()}_${name}`, String(value)]),
  );
}
