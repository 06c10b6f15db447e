/**
 * What an image declares as its volumes: the engine would make a disk for each, without bound, that outlives the container.
 *
 * Owns what lies there instead: a folder in memory, bounded, empty, that goes with its container.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import type { Image } from './images.ts';

/** Of each folder that can be written to. */
const WRITABLE_BYTES = 64 * 1024 * 1024;
const IN_MEMORY = `rw,nosuid,nodev,mode=1777,size=${WRITABLE_BYTES}`;

/** Folders in memory, as the engine's API takes them. */
export function inMemory(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, IN_MEMORY]));
}

/** The same as Docker's command and Compose take one. */
export function inMemoryAt(path: string): string {
  return `${path}:${IN_MEMORY}`;
}

/** Names of compose files, which last as long as this. */
export interface ComposeFiles extends AsyncDisposable {
  readonly names: readonly string[];
}

/** The compose file that puts such folders over the volumes of the subjects' images; none where they have none. */
export async function volumeFiles(images: Readonly<Record<Role, Image>>): Promise<ComposeFiles> {
  const roles = ROLES.filter((role) => images[role].volumes.length > 0);
  if (roles.length === 0) return { names: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  const services = roles.map((role) => [role, { tmpfs: images[role].volumes.map(inMemoryAt) }]);
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-volumes-'));
  const name = join(folder, 'volumes.json');
  await writeFile(name, JSON.stringify({ services: Object.fromEntries(services) as object }));
  return { names: [name], [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
