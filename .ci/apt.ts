/**
 * Installing Debian packages, some from the release after this one, without touching the machine's own apt configuration:
 * sources, pins and package lists live in a folder of their own.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';

const FOLDER = '/var/cache/halfopen/apt';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
export const MIRROR = 'http://deb.debian.org/debian';

const SOURCES = ['bookworm bookworm-updates', 'trixie']
  .map((suites) => `Types: deb\nURIs: ${MIRROR}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`)
  .join('\n');

/** Below 500, apt takes a package from trixie only where the command says so (apt_preferences(5)). */
const PIN = 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n';

const OPTIONS = [
  ['Dir::Etc::sourcelist', '/dev/null'],
  ['Dir::Etc::sourceparts', join(FOLDER, 'sources')],
  ['Dir::Etc::preferencesparts', join(FOLDER, 'preferences')],
  ['Dir::State::lists', join(FOLDER, 'lists')],
  ['DPkg::Lock::Timeout', '120'],
  ['Acquire::Retries', '3'],
  ['Acquire::Languages', 'none'],
].flatMap(([key, value]) => ['-o', `${key}=${value}`]);

const run = $({ quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

/** Installs packages, named as for apt-get (`name` or `name/release`), without recommended ones. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  for (const folder of ['sources', 'preferences', 'lists']) await mkdir(join(FOLDER, folder), { recursive: true });
  await writeFile(join(FOLDER, 'sources', 'debian.sources'), SOURCES);
  await writeFile(join(FOLDER, 'preferences', 'trixie'), PIN);
  await run`apt-get ${OPTIONS} update`;
  await run`apt-get ${OPTIONS} install -y --no-install-recommends ${packages}`;
}
