/**
 * The program of the Go subject, which has to be built before it can be started.
 *
 * Owns where it lies and when it is built again: at its first use, and when a source has changed.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('../../services/go', import.meta.url));
/** Enough for the first build on a slow machine, which compiles the standard library as well. */
const BUILD_LIMIT_MS = 240_000;

/** Where the built program lies. */
export const GO_PROGRAM = fileURLToPath(new URL('../../node_modules/.cache/halfopen/go-subject', import.meta.url));

/** Builds the program where it is missing or older than a source. Says why it could not, or `null`. */
export async function buildGoSubject(): Promise<string | null> {
  if (await isUpToDate()) return null;
  // Built aside and moved: another run may be starting the old one now.
  const fresh = `${GO_PROGRAM}.${process.pid}`;
  try {
    await mkdir(dirname(GO_PROGRAM), { recursive: true });
    await promisify(execFile)('go', ['build', '-trimpath', '-o', fresh, '.'], {
      cwd: SOURCES,
      env: { ...process.env, CGO_ENABLED: '0' },
      timeout: BUILD_LIMIT_MS,
    });
    await rename(fresh, GO_PROGRAM);
    return null;
  } catch (error) {
    const [reason = 'unknown'] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-2);
    return `services/go could not be built: ${reason}`;
  }
}

async function isUpToDate(): Promise<boolean> {
  const names = (await readdir(SOURCES)).filter((name) => /\.go$|^go\.mod$/.test(name));
  const changed = await Promise.all(names.map(async (name) => (await stat(join(SOURCES, name))).mtimeMs));
  const built = await stat(GO_PROGRAM).catch(() => null);
  return built !== null && built.mtimeMs > Math.max(...changed);
}
