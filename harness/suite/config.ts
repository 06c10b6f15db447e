/**
 * `halfopen.config.ts` in the current folder: the user's own subjects, matrix and defaults.
 *
 * Owns its schema, and errors that name file, key and what would do.
 */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as v from 'valibot';

import { imageEntries } from '../contract/image.ts';
import {
  plainAddressSchema,
  plainClientSchema,
  plainImageClientSchema,
  plainImageServerSchema,
  plainServerSchema,
} from '../contract/plain-subject.ts';
import { CELLS, PROXIES } from '../evidence/plan.ts';
import { KERNELS } from '../scenario/scenario.ts';
import { entriesAt } from './config-keys.ts';
import type { Entries, Path } from './config-keys.ts';
import { asIn, configProblem } from './config-problem.ts';
import { UsageError } from './usage-error.ts';

const CONFIG_FILE = 'halfopen.config.ts';
/** A configuration may ask something of its machine; one that waits longer than this will not come to an end. */
const LOAD_LIMIT_MS = 10_000;

const words = v.pipe(v.array(v.string()), v.minLength(1));
const wholeFrom1 = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A subject that keeps the contract: a program here, an image, or an image to be built; a program and an image may be one subject in two places. */
const contractSchema = v.pipe(
  v.strictObject({
    /** Program and arguments, run in the folder of the configuration. */
    command: v.optional(words),
    ...imageEntries,
  }),
  v.check(
    ({ command, image, build }) => [command, image, build].some((given) => given !== undefined),
    "takes command: ['program', 'argument'], image: 'name:tag' or build: { context: '.' }",
  ),
  v.check(
    ({ image, build }) => image === undefined || build === undefined,
    "takes image: 'name:tag' or build: { context: '.' }, and not both",
  ),
);
export type ConfiguredContract = v.InferOutput<typeof contractSchema>;

/** What a subject is, is told by its own keys, so that an error speaks of the keys it should have. */
function schemaFor(value: unknown) {
  const keys = typeof value === 'object' && value !== null ? value : {};
  if (!('plain' in keys)) return contractSchema;
  const isImage = 'image' in keys || 'build' in keys;
  if (keys.plain !== 'server') return isImage ? plainImageClientSchema : plainClientSchema;
  if ('address' in keys) return plainAddressSchema;
  return isImage ? plainImageServerSchema : plainServerSchema;
}

const configSchema = v.strictObject({
  /** Subjects by name, beside those that come with the product. */
  subjects: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'takes a name of small letters, digits and dashes')),
      v.lazy(schemaFor),
    ),
    {},
  ),
  /** What is run where the command line does not say. */
  matrix: v.optional(
    v.strictObject({
      server: v.optional(words),
      client: v.optional(words),
      proxy: v.optional(v.pipe(v.array(v.picklist(PROXIES)), v.minLength(1))),
      /** Parts of scenarios' ids. */
      scenarios: v.optional(words),
    }),
    {},
  ),
  /** Flags where the command line has none. */
  defaults: v.optional(
    v.strictObject({
      cell: v.optional(v.picklist(CELLS)),
      kernel: v.optional(v.picklist(KERNELS)),
      cells: v.optional(wholeFrom1),
      repeat: v.optional(wholeFrom1),
      seed: v.optional(v.string()),
      report: v.optional(v.pipe(v.string(), v.regex(/\S/, 'takes the path of a folder'))),
    }),
    {},
  ),
});
export type Config = v.InferOutput<typeof configSchema>;

/** Where the configuration of a folder is. */
export function configPath(folder: string): string {
  return resolve(folder, CONFIG_FILE);
}

/**
 * The configuration of a folder; an empty one where there is none.
 *
 * @param withinMs how long its module may take
 * @throws {UsageError} naming the file, the key and what is wrong with it
 */
export async function readConfig(folder: string, withinMs: number = LOAD_LIMIT_MS): Promise<Config> {
  const path = configPath(folder);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists ? checkedConfig(path, await load(path, withinMs)) : v.parse(configSchema, {});
}

async function load(path: string, withinMs: number): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  // The timer also keeps Node from ending with a module that waits for nothing at all.
  const timer = setTimeout(() => late.reject(new Error(`it has not come to its end within ${withinMs} ms`)), withinMs);
  try {
    const module = (await Promise.race([import(pathToFileURL(path).href), late.promise])) as { default?: unknown };
    return module.default;
  } catch (error) {
    const where = error instanceof Error ? lineIn(path, error) : '';
    throw new UsageError(
      `${path}${where} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** `:5` where the error tells of a line of this file. */
function lineIn(path: string, { stack = '' }: Error): string {
  const [, after] = stack.split(`${path}:`);
  const [line] = /^\d+/.exec(after ?? '') ?? [];
  return line === undefined ? '' : `:${line}`;
}

/**
 * What a module exports by default, as a configuration.
 *
 * @param path the module, for the error
 * @throws {UsageError} naming the file, the key and what would do
 */
export function checkedConfig(path: string, value: unknown): Config {
  demandObjects(path, value);
  const result = v.safeParse(configSchema, value);
  if (result.success) return result.output;
  throw new UsageError(`${path}: ${configProblem(result.issues, { at: keysAt, inSections: KEYS_IN_SECTIONS })}`);
}

/** A list is an object too to the schema, and one without any of its keys. */
function demandObjects(path: string, value: unknown): void {
  const sections = below('', value).filter(([key]) => key in configSchema.entries);
  const subjects = sections.flatMap(([key, each]) => (key === 'subjects' ? below('subjects.', each) : []));
  const parts = subjects
    .flatMap(([key, each]) => below(`${key}.`, each))
    .filter(([key]) => OBJECT_OF_SUBJECT.test(key));
  const places = [['', value] as const, ...sections, ...subjects, ...parts];
  const list = places.find(([, each]) => Array.isArray(each));
  if (list === undefined) return;
  const [where] = list;
  const example = asIn(where === '' ? [] : where.split('.'));
  throw new UsageError(`${path}: ${where || 'default export'}: takes an object${example}, not a list`);
}

function below(prefix: string, value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, each]) => [`${prefix}${key}`, each]);
}

const OBJECT_OF_SUBJECT = /\.(?:build|environment|resources)$/;

const KEYS_IN_SECTIONS = (['matrix', 'defaults'] as const).flatMap((section) =>
  Object.keys(configSchema.entries[section].wrapped.entries).map((key) => `${section}.${key}`),
);

/** Which keys a subject may have is told by `plain`, which every subject may have. */
function keysAt(path: Path): Entries {
  const known = entriesAt(configSchema, path);
  const isOfSubject = path.length === 3 && path[0]?.key === 'subjects';
  return isOfSubject ? { plain: plainClientSchema.entries.plain, ...known } : known;
}
