/**
 * `halfopen.config.ts` in the current folder: the user's own subjects.
 *
 * Owns its schema and errors that name file, key and what would do.
 */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as v from 'valibot';

import { suggestion } from './nearest.ts';
import type { KnownSubject } from './subjects.ts';
import { UsageError } from './usage-error.ts';

const CONFIG_FILE = 'halfopen.config.ts';

const subjectSchema = v.strictObject({
  /** Program and arguments, run in the folder of the configuration. */
  command: v.pipe(v.array(v.string()), v.minLength(1)),
});

const configSchema = v.strictObject({
  /** Subjects by name, beside those that come with the product. */
  subjects: v.optional(v.record(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,40}$/)), subjectSchema), {}),
});

const KNOWN_KEYS = ['subjects', 'command'];

/**
 * The user's subjects; none where there is no configuration.
 *
 * @throws {UsageError} naming the file, the key and what is wrong with it
 */
export async function configuredSubjects(folder: string): Promise<KnownSubject[]> {
  const path = resolve(folder, CONFIG_FILE);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return [];
  const { subjects } = check(path, await load(path));
  return Object.entries(subjects).map(([name, { command }]) => ({ name, command, origin: 'user' }));
}

async function load(path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function check(path: string, value: unknown): v.InferOutput<typeof configSchema> {
  const result = v.safeParse(configSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue) ?? 'default export';
  const near = issue.expected === 'never' ? suggestion(key.split('.').at(-1) ?? '', KNOWN_KEYS) : '';
  const wrong = issue.expected === 'never' ? 'there is no such key.' : issue.message;
  throw new UsageError(`${path}: ${key}: ${wrong}${near}`);
}
