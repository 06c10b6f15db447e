/**
 * What the pages show: their blocks, and the words of an output without what differs from run to run.
 *
 * Owns how a page is read; what is run of it, and must come of it, is each page's test's matter.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from './shell.ts';

/** A block of code. */
export interface Block {
  /** The language that it names; empty: none. */
  readonly kind: string;
  readonly text: string;
}

/** The pages in `docs/`, by name. */
export async function pageNames(): Promise<string[]> {
  return (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).sort();
}

/** A page of `docs/`. */
export function readPage(name: string): Promise<string> {
  return readFile(join(ROOT, 'docs', name), 'utf8');
}

/** The blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
}

/** Whether a line is what someone types, and no output. */
export function isCommand(line: string): boolean {
  return /^([A-Z_]+=\S+ )*(npx|npm|node|docker|python3|curl) /.test(line);
}

/** What stands in code among the words of a page. */
export function spansOf(page: string): string[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** A text without its figures, which differ from run to run, as does how often a busy host has to try, and where a line breaks. */
export function words(text: string): string {
  return text
    .replaceAll(/ \(attempt \d\)| \(\d+ on a later attempt\)/g, '')
    .replaceAll(/\d+(\.\d+)?/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
