/**
 * Whose a container is: the machine and the mark of the harness that made it, by which it is known whether that still lives.
 */
import { hostname } from 'node:os';

import { ownerAlive, ownerMark } from '../local/sweep.ts';

const OWNER_LABEL = 'dev.halfopen.owner';
/** Carried by the containers of `halfopen check --image`, which has no guard; its value is that check's own. */
export const CHECK_LABEL = 'dev.halfopen.check';

/** This harness's label. */
export async function ownerLabel(): Promise<Record<string, string>> {
  return { [OWNER_LABEL]: `${hostname()} ${await ownerMark()}` };
}

/** Whether the harness that made a container may live: of one on another machine nothing can be told, and it is taken to. */
export async function mayLive(labels: Readonly<Record<string, string>>): Promise<boolean> {
  const [machine, mark = ''] = (labels[OWNER_LABEL] ?? '').split(' ');
  return machine !== hostname() || (await ownerAlive(mark));
}
