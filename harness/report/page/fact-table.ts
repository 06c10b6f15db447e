/**
 * A table of named facts, one a row.
 */
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';

/** @param rows name and value of each fact, in order */
export function factTable(rows: readonly (readonly [string, Markup | string])[]): Markup {
  return html`<table class="plan">
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
