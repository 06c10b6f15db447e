/**
 * Text in a terminal's width: broken between words, and what follows stands below where it began.
 */

/** Narrower than this is left to the terminal. */
const LEAST_COLUMNS = 24;

/**
 * @param lead stands before the text, and is as wide as the indentation of what follows
 * @param columns of the terminal; infinite where there is none
 */
export function wrapped(lead: string, text: string, columns: number): string {
  const room = columns - lead.length;
  if (room < LEAST_COLUMNS) return `${lead}${text}`;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return `${lead}${[...lines, line].join(`\n${' '.repeat(lead.length)}`)}`;
}
