/**
 * Why an image cannot be checked by an engine whose network is not this machine's: the check is the program's peer, on a
 * port of this machine.
 *
 * Owns the words. That it is so is `own-network.ts`'s to find out.
 */
import { dockerCommand } from '../run/docker/docker-command.ts';
import { namedHost } from '../run/docker/engine-answer.ts';
import { RunError } from '../run/run-error.ts';

const PROGRAM_ITSELF = 'check the program without its image, "halfopen check CMD...", or';

/** Asks the engine what it is, for as long as it answers. */
export async function imageRefusal(): Promise<RunError> {
  const said = await dockerCommand('info', '--format', '{{.OperatingSystem}} {{.SecurityOptions}}').catch(() => '');
  return refusalBy(said);
}

/** @param said the engine's system and security options, in its own words */
export function refusalBy(said: string): RunError {
  if (said.includes('name=rootless')) {
    return refusal(
      "an image cannot be checked by a rootless engine: even its host's network is one of its own, and no port of this machine is there",
      `${PROGRAM_ITSELF} point DOCKER_HOST at an engine here that runs as root`,
    );
  }
  if (said.startsWith('Docker Desktop')) {
    return refusal(
      'an image cannot be checked by Docker Desktop: its engine is in a virtual machine, and no port of this machine is there',
      `${PROGRAM_ITSELF} the image on a Linux machine, by an engine that runs there`,
    );
  }
  return refusal(
    'an image can be checked only where its engine runs',
    namedHost() === null ? 'run the check there' : 'run the check there, or unset DOCKER_HOST',
  );
}

function refusal(problem: string, remedy: string): RunError {
  return new RunError('cell-not-started', problem, remedy);
}
