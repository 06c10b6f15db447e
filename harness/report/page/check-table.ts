/**
 * Every claim that was checked, with what was expected, what happened, and the measured time beside its bounds.
 */
import type { Check, Verdict } from '../../evidence/verdict.ts';
import type { VerdictWord } from '../../evidence/verdict.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { glyph } from './badge.ts';

const MOST_CHECKS = 200;
const MOST_CHARACTERS = 600;
const BAR_WIDTH = 200;

const ORDER: readonly Check['outcome'][] = ['fail', 'unknown', 'pass', 'not-checked'];

const FACE: Readonly<Record<Check['outcome'], VerdictWord>> = {
  fail: 'fail',
  unknown: 'unknown',
  pass: 'pass',
  'not-checked': 'not-run',
};

/**
 * What did not hold stands open; what held is folded away beneath it, and stands open where everything held.
 *
 * @param figure id of the attempt's time line
 */
export function checkTable(verdict: Verdict, figure: string): Markup {
  const checks = [...verdict.checks].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const shown = checks.slice(0, MOST_CHECKS);
  const wrong = shown.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  const rest = shown.slice(wrong.length);
  const more = checks.length - MOST_CHECKS;
  return html`${wrong.length > 0 && table('Claims that did not hold', wrong, figure)}
    ${rest.length > 0 && (wrong.length === 0 ? table('Claims', rest, figure) : folded(rest, figure))}
    ${more > 0 && html`<p class="aside">${count(more)} more checks are in verdict.json.</p>`}
    <p class="aside">
      Every bound allows ${millis(verdict.toleranceMs)}; the host's longest stall was ${millis(verdict.longestStallMs)}.
    </p>`;
}

function folded(checks: readonly Check[], figure: string): Markup {
  const held = checks.filter(({ outcome }) => outcome === 'pass').length;
  return html`<details>
    <summary>${held} held, ${checks.length - held} not checked</summary>
    ${table('Claims that held', checks, figure)}
  </details>`;
}

function table(label: string, checks: readonly Check[], figure: string): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">
    <table class="checks">
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Claim</th>
          <th scope="col">Expected</th>
          <th scope="col">Happened</th>
        </tr>
      </thead>
      <tbody>
        ${checks.map((check) => checkRow(check, figure))}
      </tbody>
    </table>
  </div>`;
}

function checkRow(check: Check, figure: string): Markup {
  const face = FACE[check.outcome];
  return html`<tr class="o-${check.outcome}">
    <td><span class="badge v-${face}">${glyph(face)}${check.outcome.replace('-', ' ')}</span></td>
    <th scope="row">
      <span class="check-name">${visibleLine(check.name, 60)}</span>${visibleLine(check.statement, MOST_CHARACTERS)}
    </th>
    <td>${visibleLine(check.expected, MOST_CHARACTERS)}</td>
    <td>
      ${visibleLine(check.actual, MOST_CHARACTERS)}${check.measured !== null && measure(check)}${instantLink(check, figure)}
    </td>
  </tr>`;
}

/** Leads to the time line; the page's script makes it the address of the instant. */
export function instantLink({ atMs, actual }: Pick<Check, 'atMs' | 'actual'>, figure: string): Markup | null {
  if (atMs === null) return null;
  const at = `at ${millis(atMs)}`;
  // The instant is often said already.
  const words = actual.includes(`at ${atMs.toFixed(1)} ms`) || actual.includes(at) ? 'show it' : at;
  return html` <a class="instant" href="#${figure}" data-at="${atMs.toFixed(3)}">${words}</a>`;
}

/** The measured time on a line with its bounds: the allowed stretch is filled. */
function measure({ measured, outcome }: Check): Markup | null {
  if (measured === null) return null;
  const { valueMs, atLeastMs, atMostMs } = measured;
  const far = Math.max(valueMs, atMostMs ?? 0, atLeastMs ?? 0, 1e-3) * 1.15;
  const x = (ms: number): string => ((Math.max(0, ms) / far) * BAR_WIDTH).toFixed(1);
  const from = x(atLeastMs ?? 0);
  const width = (Number(x(atMostMs ?? far)) - Number(from)).toFixed(1);
  const bounds = [
    atLeastMs === null ? null : `at least ${millis(atLeastMs)}`,
    atMostMs === null ? null : `at most ${millis(atMostMs)}`,
  ].filter((bound) => bound !== null);
  return html`<span class="measure o-${outcome}"
    ><svg viewBox="0 0 ${BAR_WIDTH} 14" width="${BAR_WIDTH}" height="14" aria-hidden="true">
      <path class="rail" d="M0 7H${BAR_WIDTH}" />
      <rect class="allowed" x="${from}" y="4" width="${width}" height="6" rx="3" />
      <path class="value" d="M${x(valueMs)} 0v14" /></svg
    ><span><b>${millis(valueMs)}</b> ${bounds.join(', ')}</span></span
  >`;
}
