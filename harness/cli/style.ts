/**
 * Colours and glyphs of the console: only on a terminal that wants them.
 */
import { styleText } from 'node:util';

import type { VerdictWord } from '../evidence/verdict.ts';

type Format = Parameters<typeof styleText>[0];

/** Whether a stream gets colours: a terminal, and NO_COLOR (no-color.org) not set. */
export function wantsColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
}

const GLYPHS: Readonly<Record<VerdictWord, { glyph: string; format: Format }>> = {
  pass: { glyph: '✓', format: 'green' },
  fail: { glyph: '✗', format: 'red' },
  unknown: { glyph: '?', format: 'yellow' },
  unsupported: { glyph: '–', format: 'cyan' },
  'setup-error': { glyph: '!', format: 'magenta' },
  interrupted: { glyph: '⏹', format: 'yellow' },
  'not-run': { glyph: '·', format: 'gray' },
};

/** Paints text for one stream. */
export class Style {
  readonly #colour: boolean;

  constructor(stream: NodeJS.WriteStream) {
    this.#colour = wantsColour(stream);
  }

  paint(format: Format, text: string): string {
    return this.#colour ? styleText(format, text, { validateStream: false }) : text;
  }

  /** A sentence in a verdict's colour. */
  tone(word: VerdictWord, text: string): string {
    return this.paint('bold', this.paint(GLYPHS[word].format, text));
  }

  /** A verdict as glyph and word, so that it does not rest on colour alone. */
  verdict(word: VerdictWord): string {
    const { glyph, format } = GLYPHS[word];
    return this.paint(format, `${glyph} ${word}`);
  }
}
