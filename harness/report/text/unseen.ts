/**
 * The characters that a reader could not see, or that would change how the rest is read.
 *
 * Owns the set; how each is spelled belongs to whoever shows it.
 */

/**
 * Controls; format, bidi and tag characters, a byte order mark among them; line separators; halves of surrogate pairs;
 * whatever may be left unshown, fillers and variation selectors among it; and the blank of Braille.
 */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]`;

const ANY = new RegExp(UNSEEN, 'u');
const EACH = new RegExp(UNSEEN, 'gu');

export function hasUnseen(text: string): boolean {
  return ANY.test(text);
}

/** The text with each of them as `spelled` writes it. */
export function spellUnseen(text: string, spelled: (character: string) => string): string {
  return text.replace(EACH, spelled);
}

/** By its number, as JavaScript writes it: `\u{feff}`. */
export function byNumber(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
