/**
 * Finds the scenarios: every file two levels down in `scenarios/` that exports one. Its path is its id.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import * as v from 'valibot';

import { plainScenarioSchema } from '../scenario/plain.ts';
import type { PlainScenario } from '../scenario/plain.ts';
import { scenarioSchema } from '../scenario/scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { UsageError } from './usage-error.ts';

/** The catalogue that comes with the product. */
export const CATALOGUE_ROOT = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** The folder of those for plain subjects. */
const PLAIN_FOLDER = 'plain';

interface Entry<Kind> {
  /** `<behaviour>/<claim>`, the file's path without its ending. */
  readonly id: string;
  readonly scenario: Kind;
}
export type CatalogueEntry = Entry<Scenario>;
export type PlainEntry = Entry<PlainScenario>;

/**
 * Loads the scenarios for subjects that keep the contract, in order of ids.
 *
 * @throws {UsageError} naming the file that is no scenario
 */
export async function loadCatalogue(root: string = CATALOGUE_ROOT): Promise<CatalogueEntry[]> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return loadFolders(
    root,
    folders.map(({ name }) => name).filter((name) => name !== PLAIN_FOLDER),
    scenarioSchema,
  );
}

/**
 * Loads the scenarios for plain subjects, in order of ids.
 *
 * @throws {UsageError} naming the file that is no scenario
 */
export function loadPlainCatalogue(root: string = CATALOGUE_ROOT): Promise<PlainEntry[]> {
  return loadFolders(root, [PLAIN_FOLDER], plainScenarioSchema);
}

async function loadFolders<Kind>(
  root: string,
  folders: readonly string[],
  schema: v.GenericSchema<unknown, Kind>,
): Promise<Entry<Kind>[]> {
  const paths = await Promise.all(
    folders.map(async (name) =>
      (await readdir(join(root, name)))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => ({ id: `${name}/${file.slice(0, -'.ts'.length)}`, path: join(root, name, file) })),
    ),
  );
  return Promise.all(
    paths
      .flat()
      .sort((a, b) => a.id.localeCompare(b.id, 'en'))
      .map(({ id, path }) => load(id, path, schema)),
  );
}

async function load<Kind>(id: string, path: string, schema: v.GenericSchema<unknown, Kind>): Promise<Entry<Kind>> {
  try {
    const module: unknown = await import(pathToFileURL(path).href);
    const { scenario } = v.parse(v.object({ scenario: schema }), module);
    return { id, scenario };
  } catch (error) {
    const problem = error instanceof v.ValiError ? describe(error) : String(error);
    throw new UsageError(`${path} is no scenario: ${problem}`, { cause: error });
  }
}

function describe(error: v.ValiError<v.GenericSchema>): string {
  const [issue] = error.issues;
  return `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`;
}
