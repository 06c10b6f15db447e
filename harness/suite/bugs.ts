/**
 * The seeded bugs, from their own list in `services/broken/bugs.json`.
 *
 * Owns the schema. The programs that have them are among `subjects.ts`; what is made of them is `kill-matrix.ts`.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';

import { BUG_CLASS_IDS } from './bug-classes.ts';

const LIST = fileURLToPath(new URL('../../services/broken/bugs.json', import.meta.url));

const bugSchema = v.object({
  /** The subject's name. */
  name: v.string(),
  /** One of `bug-classes.ts`; null: a program of the user's, of which no class is known. */
  class: v.nullable(v.picklist(BUG_CLASS_IDS)),
  bug: v.string(),
  violates: v.string(),
  publicCase: v.string(),
  /** What the judge's sentence has where it names this bug, as a pattern: which check failed, and on what. */
  told: v.pipe(v.string(), v.check(isPattern, 'is no regular expression')),
  /** Written in Python rather than TypeScript. */
  language: v.optional(v.literal('python')),
});
export type Bug = v.InferOutput<typeof bugSchema>;

/** Every seeded bug that comes with the product. */
export async function loadBugs(): Promise<Bug[]> {
  return v.parse(v.array(bugSchema), JSON.parse(await readFile(LIST, 'utf8')));
}

/** A program of the user's, tried as if it had a bug that nobody has named. */
export function unnamedBug(name: string): Bug {
  return { name, class: null, bug: 'A program of your own.', violates: '', publicCase: '', told: '' };
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
