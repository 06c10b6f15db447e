/**
 * What an engine or a tool says in several lines, where there is room for one.
 */
export function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*[\r\n]\s*/g, ' ');
}
