/**
 * Whether the engine's own network is this machine's: only then are the ports it publishes here, and those of `--network host`.
 *
 * Owns the probe: a bridge that the engine makes and takes away again shows as an interface here, or it does not, whatever
 * way leads to the engine. Needs no image, and no client library.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { messageOf, RunError } from '../run-error.ts';
import { dockerCommand, labelFlags } from './docker-command.ts';
import { inOneLine } from './one-line.ts';
import { CHECK_LABEL, ownerLabel } from './owner.ts';

/** As Docker names a bridge: after the beginning of its network's id. */
const ID_CHARACTERS = 12;

/** @throws {RunError} `cell-not-started` where the engine makes no network */
export async function isOwnNetwork(): Promise<boolean> {
  const name = `halfopen-probe-${randomUUID()}`;
  const labels = labelFlags({ [CHECK_LABEL]: name, ...(await ownerLabel()) });
  try {
    const id = (await dockerCommand('network', 'create', '--internal', ...labels, name)).trim();
    // Unlike /sys this is of the network that the reader is on, whoever mounted it (man 5 proc).
    const interfaces = await readFile('/proc/self/net/dev', 'latin1').catch(() => '');
    await dockerCommand('network', 'rm', id);
    return interfaces.includes(`br-${id.slice(0, ID_CHARACTERS)}:`);
  } catch (error) {
    const problem = `whether the engine is on this machine could not be found out: ${inOneLine(messageOf(error))}`;
    throw new RunError(
      'cell-not-started',
      problem,
      '"halfopen clean" frees networks; "halfopen doctor" asks the engine',
      error,
    );
  }
}
