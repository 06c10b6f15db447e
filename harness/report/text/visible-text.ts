/**
 * Makes text that came from a subject fit to be shown: bounded, and with nothing in it that is invisible.
 *
 * Owns by what a character is replaced; which are is `unseen.ts`, and escaping for a format belongs to that format.
 */
import { byNumber, spellUnseen } from './unseen.ts';

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f]/g;

/** What a text of several lines is laid out by. */
const LAYOUT: ReadonlySet<string> = new Set(['\n', '\t']);

/** U+2400 to U+241F picture the C0 controls in their order. */
const CONTROL_PICTURES = 0x2400;

/**
 * The text with its control characters pictured, at most `limit` characters of it.
 * Line feeds and tabs stay; use {@link visibleLine} where only one line may be shown.
 *
 * @param limit greatest number of UTF-16 units taken from `text`; what is left out is said
 */
export function visibleText(text: string, limit: number): string {
  const kept = text.length > limit ? text.slice(0, limit) : text;
  const pictured = kept.replace(CONTROL, (character) =>
    String.fromCharCode(CONTROL_PICTURES + character.charCodeAt(0)),
  );
  const shown = spellUnseen(pictured, (character) => (LAYOUT.has(character) ? character : byNumber(character)));
  return text.length > limit ? `${shown}… (${text.length - limit} characters more)` : shown;
}

/** As {@link visibleText}, on one line. */
export function visibleLine(text: string, limit: number): string {
  return visibleText(text, limit).replaceAll('\n', '␊').replaceAll('\t', '␉');
}
