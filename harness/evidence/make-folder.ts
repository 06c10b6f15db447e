/**
 * Makes a folder with its parents.
 *
 * Node's own `recursive` never returns where a parent exists and the folder still can't be made, as in /proc.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @throws the error of the first folder that can't be made */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
