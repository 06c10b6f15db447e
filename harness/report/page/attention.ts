/**
 * What a reader should look at first: every case that is not a pass, the most urgent before the rest.
 */
import { urgentCases } from '../cases.ts';
import type { Case } from '../cases.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { badge } from './badge.ts';

const MOST_CARDS = 6;
const MOST_LINES = 200;

/** Nothing at all when there is nothing to look at. */
export function attention(cases: readonly Case[]): Markup | null {
  const urgent = urgentCases(cases);
  if (urgent.length === 0) return null;
  const more = urgent.slice(MOST_CARDS, MOST_CARDS + MOST_LINES);
  return html`<section class="attention" aria-labelledby="attention-title">
    <h2 id="attention-title">Look here first</h2>
    <ol class="cards">
      ${urgent.slice(0, MOST_CARDS).map(card)}
    </ol>
    ${
      more.length > 0 &&
      html`<details class="more-urgent">
        <summary>${count(urgent.length - MOST_CARDS)} more</summary>
        <ol>
          ${more.map(line)}
        </ol>
      </details>`
    }
  </section>`;
}

function card(each: Case): Markup {
  return html`<li class="card v-${each.verdict}">
    <a href="#${each.id}"
      ><span class="card-head"
        >${badge(each.verdict)}<span class="who"
          >${visibleLine(each.client, 60)} → ${visibleLine(each.server, 60)} · ${each.place}</span
        ></span
      ><strong>${visibleLine(each.claim, 300)}</strong
      ><span class="reason">${visibleLine(each.decisive.reason, 300)}</span></a
    >
  </li>`;
}

function line(each: Case): Markup {
  return html`<li>
    ${badge(each.verdict)} <a href="#${each.id}">${visibleLine(each.claim, 300)}</a>
    <span class="who">${visibleLine(each.client, 60)} → ${visibleLine(each.server, 60)} · ${each.place}</span>
  </li>`;
}
