/**
 * Makes text that came from a subject fit to be shown: bounded, and with nothing in it that is invisible.
 *
 * Owns which characters are replaced and by what; escaping for a format belongs to that format.
 */

/** What a reader could not see, or what would change how the rest is read: C1 controls, bidi controls, zero-width and format characters, line separators, lone surrogates. */
const INVISIBLE =
  /[\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f]/g;

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
  const shown = kept
    .replace(CONTROL, (character) => String.fromCharCode(CONTROL_PICTURES + character.charCodeAt(0)))
    .replace(INVISIBLE, codePoint);
  return text.length > limit ? `${shown}… (${text.length - limit} characters more)` : shown;
}

/** As {@link visibleText}, on one line. */
export function visibleLine(text: string, limit: number): string {
  return visibleText(text, limit).replaceAll('\n', '␊').replaceAll('\t', '␉');
}

function codePoint(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `\\u{${point.toString(16)}}`;
}
