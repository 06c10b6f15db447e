/**
 * Whom an image runs as where it gives a name: root by another name is root (`nobody.ts`).
 *
 * Owns the look at the image's own list of users, for which nothing of it is started.
 */
import { randomUUID } from 'node:crypto';

import { dockerBytes, dockerCommand, labelFlags } from './docker-command.ts';
import { CHECK_LABEL, ownerLabel } from './owner.ts';

const MOST_BYTES = 16 * 1024 * 1024;
/** A file comes in an archive, behind one header (POSIX, ustar). */
const HEADER_BYTES = 512;
/** What needs no look: numbers, root by its own name, and nothing. */
const KNOWN = /^(|[+-]?\d+|root)$/;

/**
 * The user as the image says it; `0` where the name that it gives is root's there.
 *
 * @param image by id
 * @throws {Error} where the engine does not show it
 */
export async function userIn(image: string, user: string): Promise<string> {
  const [name = ''] = user.split(':');
  if (KNOWN.test(name)) return user;
  const entry = (await usersOf(image)).split('\n').find((line) => line.startsWith(`${name}:`));
  return Number(entry?.split(':')[2] ?? Number.NaN) === 0 ? '0' : user;
}

/** Its `/etc/passwd` (man 5 passwd); empty where it has none. */
async function usersOf(image: string): Promise<string> {
  // A harness that is killed in between leaves it to the next sweep, as what a check has made.
  const labels = labelFlags({ ...(await ownerLabel()), [CHECK_LABEL]: randomUUID() });
  const container = (await dockerCommand('create', '--pull', 'never', ...labels, image, 'nothing')).trim();
  try {
    const archive = await dockerBytes(MOST_BYTES, 'cp', '--follow-link', `${container}:/etc/passwd`, '-');
    return archive.slice(HEADER_BYTES);
  } catch (error) {
    if (error instanceof Error && /could not find the file|no such file/i.test(error.message)) return '';
    throw error;
  } finally {
    await dockerCommand('rm', '--force', '--volumes', container);
  }
}
