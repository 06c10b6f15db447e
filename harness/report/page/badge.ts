/**
 * A verdict as letter, glyph and colour, and the small pictures the page draws them with.
 */
import type { VerdictWord } from '../../evidence/verdict.ts';
import { LINE } from '../text/bare-paint.ts';
import { html, joined } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { VERDICT_FACES, VERDICTS_BY_URGENCY } from '../text/verdict-word.ts';

/** Path data in a 12 × 12 box. */
const GLYPHS: Readonly<Record<VerdictWord, string>> = {
  pass: 'M2 6.5l3 3l5-7',
  fail: 'M2.5 2.5l7 7m0-7l-7 7',
  unknown: 'M3.2 4a2.8 2.6 0 1 1 3.9 2.4c-.8.4-1.1.8-1.1 1.6m0 2.2v.4',
  'setup-error': 'M6 1.5v6m0 2.6v.5',
  interrupted: 'M4 2v8m4-8v8',
  unsupported: 'M6 1.5a4.5 4.5 0 1 0 .01 0M2.8 9.2l6.4-6.4',
  'not-run': 'M3 6h6',
};

/** The glyphs, once per document. */
export function glyphSheet(): Markup {
  return html`<svg width="0" height="0" hidden aria-hidden="true">
    ${VERDICTS_BY_URGENCY.map(
      (word) => html`<symbol id="g-${word}" viewBox="0 0 12 12"><path ${LINE} d="${GLYPHS[word]}" /></symbol>`,
    )}
  </svg>`;
}

export function glyph(word: VerdictWord): Markup {
  return html`<svg class="glyph" width="12" height="12" aria-hidden="true"><use href="#g-${word}" /></svg>`;
}

/** Glyph and word. */
export function badge(word: VerdictWord): Markup {
  return html`<span class="badge v-${word}" title="${VERDICT_FACES[word].meaning}">${glyph(word)}${word}</span>`;
}

/** Glyph and letter, for narrow places; the word is read aloud. */
export function letterBadge(word: VerdictWord): Markup {
  return html`${glyph(word)}<b aria-hidden="true">${VERDICT_FACES[word].letter}</b><span class="unseen">${word}</span>`;
}

/** What the letters mean. */
export function legend(words: readonly VerdictWord[]): Markup {
  return html`<ul class="legend" aria-label="Verdicts">
    ${joined(
      VERDICTS_BY_URGENCY.filter((word) => words.includes(word)).map(
        (word) =>
          html`<li>
            <span class="chip v-${word}">${letterBadge(word)}</span> ${word}: ${VERDICT_FACES[word].meaning}
          </li>`,
      ),
    )}
  </ul>`;
}
