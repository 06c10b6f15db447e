/**
 * Where an engine may be that nobody has named: the places in which the client library looks for one, in its order.
 *
 * Owns the list. The contexts of Docker's own command are not on it: the library knows nothing of them.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where it usually is. */
export const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** The library's own file, in the home folder. */
const FILE = '.testcontainers.properties';

/** Addresses to be tried one after the other; of a socket that is not there, too. */
export function placesOfEngines(): string[] {
  const home = homedir();
  const runtime = process.env['XDG_RUNTIME_DIR'];
  // A rootless engine's, and those of Docker Desktop.
  const sockets = [
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    // Not by `userInfo`, which fails for a number that has no name, as in a container.
    join('/run/user', String(process.getuid?.() ?? ''), 'docker.sock'),
  ].map((path) => `unix://${path}`);
  return [...new Set([...hostsOf(join(home, FILE)), DEFAULT_HOST, ...sockets])];
}

/** What the file names. A colon may stand behind a backslash there. */
function hostsOf(file: string): string[] {
  const text = readOr(file, '');
  return [/^\s*tc\.host\s*[=:]\s*(\S+)/m, /^\s*docker\.host\s*[=:]\s*(\S+)/m].flatMap((line) => {
    const named = line.exec(text)?.[1];
    return named === undefined ? [] : [named.replaceAll('\\', '')];
  });
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
