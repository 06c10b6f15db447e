/**
 * Which clauses and rules the words of `--only` mean: an id, the beginning of one or of a part of it, or a heading of the
 * contract.
 */
import { CLAUSES } from './catalogue.ts';
import type { Clause } from './clause.ts';
import { FIRST_LOOKS } from './clauses/first-look.ts';
import { RULES } from './rules.ts';

/** What a word can be held against. */
type Named = Pick<Clause, 'id' | 'passage'>;

const EXERCISED: readonly Named[] = [...Object.values(FIRST_LOOKS), ...CLAUSES];

/** All that a check tells of. */
export const ALL: readonly Named[] = [...EXERCISED, ...RULES];

/** Whether a word means this one. */
export function means(word: string, { id, passage }: Named): boolean {
  return id.startsWith(word) || id.includes(`/${word}`) || passage.toLowerCase().startsWith(word.toLowerCase());
}

/** Whether it was asked for; without words everything is. */
export function isAsked(words: readonly string[], named: Named): boolean {
  return words.length === 0 || words.some((word) => means(word, named));
}

/** Whether it has to be exercised for these words: rules have no exercise of their own, and look at all others. */
export function isNeeded(words: readonly string[], named: Named): boolean {
  return isAsked(words, named) || words.some((word) => !EXERCISED.some((each) => means(word, each)));
}
