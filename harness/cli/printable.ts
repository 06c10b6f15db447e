/**
 * Makes text from a subject safe for a terminal: control bytes become visible, length is bounded.
 */
const LIMIT = 400;

export function printable(text: string): string {
  const visible = text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return visible.length > LIMIT ? `${visible.slice(0, LIMIT)}…` : visible;
}
