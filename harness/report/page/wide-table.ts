/**
 * A table of many columns: where it has no room its rows stand one below the other, each figure with its column's name.
 */
import { html } from '../text/markup.ts';
import type { Content, Markup } from '../text/markup.ts';

export interface WideTable {
  /** For a reader who cannot see it. */
  readonly label: string;
  /** Classes of the table. */
  readonly look: string;
  readonly caption?: Content;
  /** The first is the rows' own. */
  readonly heads: readonly string[];
  /** Columns of sentences, which may break. */
  readonly wordy?: readonly string[];
  readonly rows: readonly WideRow[];
}

export interface WideRow {
  readonly name: Content;
  /** One for each head but the first. */
  readonly cells: readonly Content[];
}

/** Rows that a reader passes over on the way to what comes after them. */
const MANY_ROWS = 8;

/** A table of many rows, to be opened by its words; one of few as it is. */
export function folded(words: string, rows: number, table: Markup): Markup {
  if (rows <= MANY_ROWS) return table;
  return html`<details>
    <summary>${words}</summary>
    ${table}
  </details>`;
}

export function wideTable({ label, look, caption = null, heads, wordy = [], rows }: WideTable): Markup {
  const own = heads.slice(1);
  const cell = (content: Content, index: number): Markup => {
    const head = own[index] ?? '';
    return html`<td data-head="${head}" ${wordy.includes(head) && html`class="words"`}>${content}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">
    <table class="${look} stacks">
      ${
        caption !== null &&
        html`<caption>
          ${caption}
        </caption>`
      }
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, cells }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
