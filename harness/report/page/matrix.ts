/**
 * Scenario by pair: one letter a case, each a link to its page.
 */
import { behaviourOf, columnId, columnsOf } from '../cases.ts';
import type { Case, Column } from '../cases.ts';
import { rateWords } from '../measure/rate.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';
import { legend, letterBadge } from './badge.ts';

export function matrix(cases: readonly Case[]): Markup {
  const columns = columnsOf(cases);
  const behaviours = Map.groupBy(cases, (each) => behaviourOf(each.scenario));
  const stacks = widthOf(columns) > TELEPHONE_PIXELS && 'stacks-cells';
  return html`<section class="matrix-part ${roomOf(columns)} ${stacks}" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Every claim, every pair</h2>
    <div class="filter" id="filter" hidden></div>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="matrix-title">
      <table class="matrix">
        ${matrixHead(columns)}
        ${[...behaviours].map(([behaviour, members], index) => behaviourRows(behaviour, index, { members, columns }))}
      </table>
    </div>
    ${legend(cases.map((each) => each.verdict))}
  </section>`;
}

/** Of the page's content, at its widest and on the narrowest screen that is no telephone. */
const PAGE_PIXELS = 1_160;
const NARROW_PAGE_PIXELS = 820;
/** What a telephone leaves beside the claims: columns that take more stand below their claim there, a case a line. */
const TELEPHONE_PIXELS = 110;
/** Of the claims, and of a column: its least, and what its name takes. They are as wide as `matrix.css` makes them. */
const CLAIM_PIXELS = 384;
const LEAST_COLUMN_PIXELS = 88;
const CHARACTER_PIXELS = 7.6;
const PADDING_PIXELS = 22;

/**
 * `roomy`: every column has room, and the page itself scrolls; `wide`: names have none, and are set upright. The table
 * scrolls in its own frame unless it is roomy.
 */
function roomOf(columns: readonly Column[]): 'roomy' | 'framed' | 'wide' {
  const width = CLAIM_PIXELS + widthOf(columns);
  if (width <= NARROW_PAGE_PIXELS) return 'roomy';
  return width <= PAGE_PIXELS ? 'framed' : 'wide';
}

const ARROW_CHARACTERS = 2;

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { client, server }) => {
    // A pair that is too long for one line has its server on the next.
    const longest = Math.max(client.length, server.length + ARROW_CHARACTERS);
    return sum + Math.max(LEAST_COLUMN_PIXELS, longest * CHARACTER_PIXELS + PADDING_PIXELS);
  }, 0);
}

function matrixHead(columns: readonly Column[]): Markup {
  const places = [...Map.groupBy(columns, (column) => column.place)];
  return html`<thead>
    <tr>
      <td rowspan="2"></td>
      ${places.map(
        ([place, members]) =>
          html`<th scope="colgroup" colspan="${members.length}" class="place">${place.replace('-', ' · ')}</th>`,
      )}
    </tr>
    <tr>
      ${columns.map(
        ({ client, server, id }) =>
          html`<th
            scope="col"
            class="pair"
            data-column="${visibleLine(id, 200)}"
            title="${visibleLine(client, 200)} → ${visibleLine(server, 200)}"
          >
            <span class="names"
              ><span class="unseen">client </span><span class="name">${visibleLine(client, 60)}</span
              ><span class="arrow" aria-hidden="true">→</span><span class="unseen">, server </span
              ><span class="name">${visibleLine(server, 60)}</span></span
            >
          </th>`,
      )}
    </tr>
  </thead>`;
}

interface Group {
  readonly members: readonly Case[];
  readonly columns: readonly Column[];
}

function behaviourRows(behaviour: string, index: number, { members, columns }: Group): Markup {
  const scenarios = [...Map.groupBy(members, (each) => each.scenario)];
  return html`<tbody data-behaviour="${visibleLine(behaviour, 200)}">
    <tr class="behaviour">
      <th scope="rowgroup" colspan="${columns.length + 1}" id="b${index}">
        ${visibleLine(behaviour, 200).replaceAll('-', ' ')}
      </th>
    </tr>
    ${scenarios.map(([scenario, cases]) => {
      const tags = [...new Set(cases.flatMap((each) => each.decisive.tags ?? []))].sort();
      return html`<tr class="scenario" data-tags="${tags.join(' ')}">
        <th scope="row">
          <span class="claim">${visibleLine(cases[0]?.claim ?? '', 300)}</span
          ><code>${visibleLine(scenario, 200)}</code>
        </th>
        ${columns.map((column) => cell(cases, column))}
      </tr>`;
    })}
  </tbody>`;
}

function cell(cases: readonly Case[], column: Column): Markup {
  const found = cases.find((each) => columnId(each) === column.id);
  if (found === undefined) return html`<td data-column="${visibleLine(column.id, 200)}"></td>`;
  const rate = rateWords(found);
  return html`<td data-column="${visibleLine(column.id, 200)}">
    <a
      class="chip v-${found.verdict}"
      href="#${found.id}"
      data-verdict="${found.verdict}"
      title="${visibleLine(found.decisive.reason, 300)}"
      >${letterBadge(found.verdict)}</a
    >
    ${rate !== null && html`<span class="rate">${rate.share}</span>`}
    <span class="own-pair">${pairWords(column, cases)}</span>
  </td>`;
}

/** What the column's head says, where there is none to be seen. */
function pairWords({ client, server, place }: Column, row: readonly Case[]): string {
  const pair = `${visibleLine(client, 60)} → ${visibleLine(server, 60)}`;
  return row.some((other) => other.place !== place) ? `${pair}, ${place.replace('-', ' · ')}` : pair;
}
