/**
 * An image as a command, for `halfopen check --image`.
 *
 * Owns how a container is started that may do nothing but play its role, on this machine's own network so that the check
 * can reach it, and the removal of what a wrong one leaves.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

import * as v from 'valibot';

import { inMemoryAt } from '../run/docker/image-volumes.ts';
import { userFor } from '../run/docker/nobody.ts';
import { CHECK_LABEL, ownerLabel } from '../run/docker/owner.ts';
import { UsageError } from '../suite/usage-error.ts';

const run = promisify(execFile);

/** Nothing but its role: nobody special, no files of its own, no rights, bounded. */
const RUN = [
  'docker run --interactive --init --network host --read-only --cap-drop ALL',
  '--security-opt no-new-privileges --pids-limit 512 --memory 512m',
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
 * @throws {UsageError} where there is no such image, or no engine that could tell
 */
export async function imageCommand(image: string): Promise<ImageCommand> {
  const { id, user, volumes } = await inspected(image);
  const label = `${CHECK_LABEL}=${randomUUID()}`;
  const owner = Object.entries(await ownerLabel()).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
  const command = [
    // Not removed at its end: the engine's client would then come back later than the program did.
    ...RUN,
    '--label',
    label,
    ...owner,
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
  Config: v.object({ User: v.optional(v.string(), ''), Volumes: v.nullish(v.record(v.string(), v.unknown())) }),
});

async function inspected(image: string): Promise<{ id: string; user: string; volumes: readonly string[] }> {
  try {
    const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{json .}}', image]);
    const { Id, Config } = v.parse(inspectedSchema, JSON.parse(stdout));
    return { id: Id, user: Config.User, volumes: Object.keys(Config.Volumes ?? {}) };
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = said === '' ? 'the program "docker" could not be run' : said;
    throw new UsageError(`check --image ${image}: ${why}; pull or build it first`, { cause: error });
  }
}

async function removeLabelled(label: string): Promise<void> {
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', `label=${label}`]);
  const left = stdout.split('\n').filter((line) => line !== '');
  for (let from = 0; from < left.length; from += BATCH) {
    await run('docker', ['rm', '--force', '--volumes', ...left.slice(from, from + BATCH)]);
  }
}
