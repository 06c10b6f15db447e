/**
 * The subjects that can be named on the command line: the references, the seeded bugs, and the user's own.
 *
 * Owns names, commands and whether this machine has the runtime; starting one belongs to `run`.
 */
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { askedImage } from '../contract/image.ts';
import type { CellKind } from '../evidence/plan.ts';
import type { Subject } from '../run/cell.ts';
import { loadBugs } from './bugs.ts';
import { readConfig } from './config.ts';
import type { Config, ConfiguredContract } from './config.ts';
import { buildGoSubject, GO_PROGRAM } from './go-subject.ts';
import { pythonCommand } from './python.ts';
import { UsageError } from './usage-error.ts';

const SERVICES = fileURLToPath(new URL('../../services', import.meta.url));

export interface KnownSubject extends Subject {
  /** `reference`: must pass everything · `broken`: carries one seeded bug · `user`: from halfopen.config.ts · `peer`: plays a script */
  readonly origin: 'reference' | 'broken' | 'user' | 'peer';
  /** A program the command needs on the PATH; absent for what comes with the product. */
  readonly runtime?: string;
  /** It takes part only where it is named, for it has to be built first: this does so, and says why it could not, or `null`. */
  readonly make?: () => Promise<string | null>;
}

/**
 * A thread of V8's that compiles can wait for the main one to collect garbage while that one waits for it to end: a process
 * that is done then never exits (nodejs/node#54918). So nothing is compiled in the background, here as in its image.
 * `--no-maglev` would do the same for more: Node drops the cache of its own code where flags like that one differ.
 */
const NODE = [process.execPath, '--no-concurrent-recompilation', '--no-concurrent-sparkplug'];

/** Plays what a scenario's script says, in place of a subject. */
export const PEER: KnownSubject = {
  name: 'peer',
  origin: 'peer',
  command: [...NODE, join(SERVICES, 'peer/main.ts')],
};

const referencesWith = (python: readonly string[]): KnownSubject[] => [
  { name: 'node', origin: 'reference', command: [...NODE, join(SERVICES, 'node/main.ts')] },
  { name: 'python', origin: 'reference', command: [...python, join(SERVICES, 'python/main.py')], runtime: 'python3' },
  { name: 'go', origin: 'reference', command: [GO_PROGRAM], runtime: 'go', make: buildGoSubject },
];

/** Every subject that comes with the product. */
export async function builtInSubjects(): Promise<KnownSubject[]> {
  const python = await pythonCommand();
  const broken = (await loadBugs()).map(({ name, language }): KnownSubject => {
    if (language === undefined) {
      return { name, origin: 'broken', command: [...NODE, join(SERVICES, `broken/${name}.ts`)] };
    }
    const program = join(SERVICES, `broken/python/${name.replaceAll('-', '_')}.py`);
    return { name, origin: 'broken', command: [...python, program], runtime: 'python3' };
  });
  return [...referencesWith(python), PEER, ...broken];
}

/** Whose image the places of the cell that compose keeps up are of (`harness/Dockerfile`). */
const PLACED = 'node';

/** Makes a subject ready for such a cell. Says why it cannot run there on this machine, or `null` where it can. */
export async function whyMissing(subject: KnownSubject, cell: CellKind = 'local'): Promise<string | null> {
  const { name, runtime, image, command, origin, make } = subject;
  if (cell === 'local' && command.length === 0) return `${name} is an image: it runs with --cell docker`;
  if (cell === 'docker' && image === undefined && origin !== 'reference') {
    return `${name} has no image: give it one, as in ${name}: { image: 'name:tag' } in halfopen.config.ts`;
  }
  if (cell === 'docker') return null;
  if (cell === 'compose') {
    return name === PLACED ? null : `the places of this cell start ${PLACED} alone; run it with --cell docker`;
  }
  if (runtime !== undefined && !(await onPath(runtime))) return `${runtime} is not installed`;
  return make === undefined ? null : await make();
}

async function onPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/**
 * Every subject that can be named in a folder and keeps the contract.
 *
 * @throws {UsageError} for a configuration that is wrong, or that takes a name that is taken
 */
export async function knownSubjects(folder: string): Promise<KnownSubject[]> {
  return subjectsOf(await readConfig(folder));
}

/**
 * The product's own subjects that keep the contract, and those of a configuration.
 *
 * @throws {UsageError} for a configuration that takes a name that is taken
 */
export async function subjectsOf({ subjects }: Config): Promise<KnownSubject[]> {
  const builtIn = await builtInSubjects();
  const taken = Object.keys(subjects).find((name) => builtIn.some((each) => each.name === name));
  if (taken !== undefined) {
    throw new UsageError(
      `halfopen.config.ts: subjects.${taken}: the name belongs to "${taken}", which comes with the product; "my-${taken}" would do`,
    );
  }
  const own = Object.entries(subjects).flatMap(([name, subject]) =>
    'plain' in subject ? [] : [configured(name, subject)],
  );
  return [...builtIn, ...own];
}

function configured(name: string, subject: ConfiguredContract): KnownSubject {
  return { name, origin: 'user', command: subject.command ?? [], ...askedImage(name, subject) };
}
