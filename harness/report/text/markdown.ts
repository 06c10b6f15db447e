/**
 * Text for Markdown as GitHub reads it, with nothing in it that Markdown, HTML or GitHub itself would act on.
 *
 * Owns what is escaped, and how; which characters cannot be seen is `unseen.ts`.
 */
import { visibleLine } from './visible-text.ts';

/** What begins or ends something in Markdown and HTML. */
const MEANT = /[&<>\\`*_{}[\]|#~!]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * GitHub looks for these in what Markdown has made, where no backslash is left: addresses, mentions, emoji and mathematics.
 * An element of its own keeps the sign from what is beside it.
 */
const SOUGHT = /[@$]|:(?=\/\/|[\w+\\-]+:)|(?<=www)\./gi;

/** Text as it stands, on one line. */
export function plain(text: string, limit: number): string {
  return visibleLine(text, limit)
    .replace(MEANT, (character) => ENTITIES[character] ?? `\\${character}`)
    .replace(SOUGHT, '<span>$&</span>');
}

/** A code span, for outside of tables, whose fence is longer than any run of backticks inside. */
export function code(text: string, limit: number): string {
  const shown = visibleLine(text, limit);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
