/**
 * Docker's Compose plugin: the oldest version that will do, and how to get it.
 */
import { dockerCommand } from './docker-command.ts';

/** The oldest with all that the compose file and the harness's words ask of it. */
const LEAST = [2, 20] as const;

export const LEAST_COMPOSE = LEAST.join('.');
export const INSTALL_COMPOSE = `install the Docker Compose plugin (${LEAST_COMPOSE} or later)`;

/** Whether it is older than that, by its own word; one that gives itself no number may well do. */
export function isOldCompose(said: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined) return false;
  const [leastMajor, leastMinor] = LEAST;
  return Number(major) < leastMajor || (Number(major) === leastMajor && Number(minor) < leastMinor);
}

/** The version of one that is too old; `null` where it will do, or is not there to be asked. */
export async function oldCompose(): Promise<string | null> {
  const said = await dockerCommand('compose', 'version', '--short').catch(() => '');
  return isOldCompose(said) ? said.trim() : null;
}
