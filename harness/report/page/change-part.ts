/**
 * What changed since an earlier run: one line a case whose verdict is another, the worst first.
 */
import { changeWords } from '../diff.ts';
import type { Change, CaseDiff, RunDiff } from '../diff.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, duration } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import type { VerdictWord } from '../../evidence/verdict.ts';
import { badge } from './badge.ts';

const MOST_ROWS = 200;
/** What stands open: the worst; whoever added scenarios knows that they are new. */
const MOST_OPEN = 8;

export function changePart({ before, cases, counts }: RunDiff): Markup {
  const changed = cases.filter(({ change }) => change !== 'same');
  const folded = changed.slice(MOST_OPEN, MOST_ROWS);
  const more = changed.length - MOST_ROWS;
  const rest = counts.same === 0 ? '' : ` ${counted(counts.same, 'case')} came to the same.`;
  return html`<section aria-labelledby="change-title">
    <h2 id="change-title">Since ${visibleLine(before, 200)}</h2>
    <p class="aside">${changed.length === 0 ? 'Nothing changed' : countWords(counts)}.${rest}</p>
    ${changed.length > 0 && table('Changes', changed.slice(0, MOST_OPEN))}
    ${
      folded.length > 0 &&
      html`<details>
        <summary>${count(changed.length - MOST_OPEN)} more</summary>
        ${table('More changes', folded)}
      </details>`
    }
    ${more > 0 && html`<p class="aside">${counted(more, 'more change')}: "halfopen report diff" tells them all.</p>`}
  </section>`;
}

function table(label: string, cases: readonly CaseDiff[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">Case</th>
          <th scope="col">Before</th>
          <th scope="col">Now</th>
          <th scope="col">Slower by</th>
        </tr>
      </thead>
      <tbody>
        ${cases.map(row)}
      </tbody>
    </table>
  </div>`;
}

/** `1 regressed; 2 fixed`. */
function countWords(counts: RunDiff['counts']): string {
  const told = (Object.entries(counts) as [Change, number][]).filter(([change, n]) => n > 0 && change !== 'same');
  return told.map(([change, n]) => `${count(n)} ${changeWords(change)}`).join('; ');
}

function row({ change, id, claim, who, before, after, slowerMs }: CaseDiff): Markup {
  const name = visibleLine(claim, 300);
  return html`<tr class="c-${change === 'new-fails' ? 'regressed' : change}">
    <td>${changeWords(change)}</td>
    <th scope="row">
      ${after === null ? name : html`<a href="#${id}">${name}</a>`} <span class="who">${visibleLine(who, 200)}</span>
    </th>
    <td>${verdict(before)}</td>
    <td>${verdict(after)}</td>
    <td>${slowerMs === null ? '–' : signed(slowerMs)}</td>
  </tr>`;
}

function verdict(word: VerdictWord | null): Markup {
  return word === null ? html`–` : badge(word);
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
}
