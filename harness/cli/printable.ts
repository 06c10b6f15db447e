/**
 * Makes text from a subject safe for a terminal: control bytes become visible, length is bounded.
 */
const LIMIT = 400;

export function printable(text: string): string {
  const visible = text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return visible.length > LIMIT ? `${visible.slice(0, LIMIT)}…` : visible;
}
