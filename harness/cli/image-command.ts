/**
 * An image as a command, for `halfopen check --image`.
 *
 * Owns how a container is started that may do nothing but play its role, on this machine's own network so that the check
 * can reach it, and the removal of what a wrong one leaves.
 */
import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import { dockerCommand, labelFlags } from '../run/docker/docker-command.ts';
import { engineHost, engineProblem, isAtSocket, noEngine } from '../run/docker/engine-answer.ts';
import { inMemoryAt } from '../run/docker/image-volumes.ts';
import { userIn } from '../run/docker/image-user.ts';
import { userFor } from '../run/docker/nobody.ts';
import { isOwnNetwork } from '../run/docker/own-network.ts';
import { CHECK_LABEL, ownerLabel } from '../run/docker/owner.ts';
import { demandPlatform } from '../run/docker/platform.ts';
import { UsageError } from '../suite/usage-error.ts';
import { imageRefusal } from './image-refusal.ts';

/** Nothing but its role: nobody special, no files of its own, no rights, bounded. */
const RUN = [
  'run --interactive --init --network host --read-only --cap-drop ALL',
  '--security-opt no-new-privileges --pids-limit 512 --memory 512m --memory-swap 512m --log-driver none',
].flatMap((words) => words.split(' '));
/** Containers removed by one call. */
const BATCH = 50;
/** The contract's variables, which the engine's client hands on where they are set. */
const VARIABLES = ['CONTRACT', 'ROLE', 'WORKLOAD', 'HOST', 'PORT', 'PARAMS'].map((name) => `HALFOPEN_${name}`);

export interface ImageCommand extends AsyncDisposable {
  readonly command: readonly string[];
}

/**
 * The command that runs an image.
 *
 * @throws {UsageError} where there is no such image
 * @throws {RunError} `cell-not-started` where no engine answers on this machine, or the image is for another kind of machine
 */
export async function imageCommand(image: string, signal: AbortSignal): Promise<ImageCommand> {
  const problem = await engineProblem(signal);
  if (problem !== null) throw noEngine(problem);
  if (!isAtSocket() || !(await isOwnNetwork())) throw await imageRefusal();
  const { id, platform, user, volumes } = await inspected(image);
  const label = `${CHECK_LABEL}=${randomUUID()}`;
  const command = [
    // Not removed at its end: the engine's client would then come back later than the program did.
    'docker',
    '--host',
    engineHost(),
    ...RUN,
    // In the place of what a shell prefers.
    '--platform',
    platform,
    '--label',
    label,
    ...labelFlags(await ownerLabel()),
    '--user',
    userFor(user),
    ...volumes.flatMap((path) => ['--tmpfs', inMemoryAt(path)]),
    ...VARIABLES.flatMap((name) => ['--env', name]),
    id,
  ];
  return { command, [Symbol.asyncDispose]: () => removeLabelled(label) };
}

const inspectedSchema = v.object({
  Id: v.string(),
  Os: v.string(),
  Architecture: v.string(),
  Config: v.object({ User: v.optional(v.string(), ''), Volumes: v.nullish(v.record(v.string(), v.unknown())) }),
});

interface Inspected {
  readonly id: string;
  readonly platform: string;
  readonly user: string;
  readonly volumes: readonly string[];
}

async function inspected(image: string): Promise<Inspected> {
  const { Id, Os, Architecture, Config } = await inspect(image);
  const platform = `${Os}/${Architecture}`;
  const own = await dockerCommand('version', '--format', '{{.Server.Os}}/{{.Server.Arch}}');
  demandPlatform(image, platform, own.trim());
  return { id: Id, platform, user: await userIn(Id, Config.User), volumes: Object.keys(Config.Volumes ?? {}) };
}

async function inspect(image: string): Promise<v.InferOutput<typeof inspectedSchema>> {
  try {
    return v.parse(
      inspectedSchema,
      JSON.parse(await dockerCommand('image', 'inspect', '--format', '{{json .}}', image)),
    );
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = said === '' ? 'the program "docker" could not be run' : said;
    throw new UsageError(`check --image ${image}: ${why}; pull or build it first`, { cause: error });
  }
}

async function removeLabelled(label: string): Promise<void> {
  const listed = await dockerCommand('ps', '--all', '--quiet', '--filter', `label=${label}`);
  const left = listed.split('\n').filter((line) => line !== '');
  for (let from = 0; from < left.length; from += BATCH) {
    await dockerCommand('rm', '--force', '--volumes', ...left.slice(from, from + BATCH));
  }
}
