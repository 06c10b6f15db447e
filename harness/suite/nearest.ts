/**
 * The nearest known name to a mistyped one, or those that a part of a name may stand for.
 */

/** Edits that turn one word into another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known name that is nearest, if any is near at all: two of its letters or half of them may differ. */
export function nearest(word: string, known: readonly string[]): string | null {
  // Nothing is near to nothing: every short name would be.
  if (word === '') return null;
  const ranked = known.map((name) => ({ name, edits: distance(word, name) })).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.max(2, best.name.length / 2) ? best.name : null;
}

/** ` Did you mean "x"?`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const name = nearest(word, known);
  return name === null ? '' : ` Did you mean "${name}"?`;
}

/** So many are told. */
const MOST_LIKE = 5;

/**
 * Long names that a few words of one may stand for, as ` There are "a/one" and "a/two".`, or nothing. A word may be mistyped;
 * the names with most of the words come first.
 */
export function suggestionByWords(words: string, known: readonly string[]): string {
  const asked = wordsOf(words);
  const ranked = known
    .map((name) => ({ name, hits: asked.filter((word) => wordsOf(name).some((each) => isLike(word, each))).length }))
    .filter(({ hits }) => hits > asked.length / 2)
    .sort((a, b) => b.hits - a.hits || a.name.length - b.name.length);
  const best = ranked.filter(({ hits }) => hits === ranked[0]?.hits).map(({ name }) => `"${name}"`);
  const [first, ...others] = best.slice(0, MOST_LIKE);
  if (first === undefined) return '';
  if (others.length === 0) return ` Did you mean ${first}?`;
  return ` There are ${[first, ...others].join(', ')}${best.length > MOST_LIKE ? ' and more' : ''}.`;
}

function wordsOf(name: string): string[] {
  return name.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** A fourth of its letters may differ. */
function isLike(word: string, other: string): boolean {
  return word === other || distance(word, other) <= Math.floor(Math.min(word.length, other.length) / 4);
}
