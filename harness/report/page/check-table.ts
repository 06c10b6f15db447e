/**
 * Every claim that was checked, with what was expected, what happened, and the measured time beside its bounds.
 */
import type { Check, Verdict } from '../../evidence/verdict.ts';
import type { VerdictWord } from '../../evidence/verdict.ts';
import { happensAt } from '../measure/happens-at.ts';
import { LINE, SHADE } from '../text/bare-paint.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { glyph } from './badge.ts';
import { groupChecks } from './check-groups.ts';
import type { ByteOfCheck, CheckGroup } from './check-groups.ts';

const MOST_CHECKS = 200;
const MOST_CHARACTERS = 600;
const BAR_WIDTH = 200;
/** Bounds that are one instant are seen as well. */
const LEAST_WIDTH = 3;

const ORDER: readonly Check['outcome'][] = ['fail', 'unknown', 'pass', 'not-checked'];

/** What the rows are told with. */
interface Context {
  readonly figure: string;
  readonly evidence: Seen | null;
  readonly byteOf: ByteOfCheck;
}

type Seen = Parameters<typeof happensAt>[0];

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
 * @param evidence of the attempt; null: there is none
 * @param byteOf where the attempt is a sweep
 */
export function checkTable(
  verdict: Verdict,
  figure: string,
  evidence: Seen | null,
  byteOf: ByteOfCheck = () => null,
): Markup {
  const context: Context = { figure, evidence, byteOf };
  const checks = [...verdict.checks].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const shown = checks.slice(0, MOST_CHECKS);
  const wrong = shown.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  const rest = shown.slice(wrong.length);
  const more = checks.length - MOST_CHECKS;
  return html`${wrong.length > 0 && table('Claims that did not hold', wrong, context)}
    ${rest.length > 0 && (wrong.length === 0 ? table('Claims', rest, context) : folded(rest, context))}
    ${more > 0 && html`<p class="aside">${count(more)} more checks are in verdict.json.</p>`}
    <p class="aside">
      Bounds stand without their tolerance: ${millis(verdict.toleranceMs)} here, or less where that is more than a fifth
      of the bound. The host's longest stall was ${millis(verdict.longestStallMs)}.
    </p>`;
}

function folded(checks: readonly Check[], context: Context): Markup {
  const held = checks.filter(({ outcome }) => outcome === 'pass').length;
  return html`<details>
    <summary>${held} held, ${checks.length - held} not checked</summary>
    ${table(foldedLabel(held, checks.length), checks, context)}
  </details>`;
}

/** Who hears the table sees no outcomes. */
function foldedLabel(held: number, all: number): string {
  if (held === all) return 'Claims that held';
  return held === 0 ? 'Claims that were not checked' : 'Claims that held, and those that were not checked';
}

function table(label: string, checks: readonly Check[], context: Context): Markup {
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
        ${groupChecks(checks, context.byteOf).map((group) => checkRow(group, context))}
      </tbody>
    </table>
  </div>`;
}

function checkRow({ first: check, places, more }: CheckGroup, { figure, evidence }: Context): Markup {
  const face = FACE[check.outcome];
  return html`<tr class="o-${check.outcome}">
    <td><span class="badge v-${face}">${glyph(face)}${check.outcome.replace('-', ' ')}</span></td>
    <th scope="row">
      <span class="check-name">${visibleLine(check.name, 60)}</span
      >${visibleLine(check.statement, MOST_CHARACTERS)}${places.length > 0 && placeLinks(places, more, figure)}
    </th>
    <td>${visibleLine(check.expected, MOST_CHARACTERS)}</td>
    <td>
      ${visibleLine(check.actual, MOST_CHARACTERS)}${check.measured !== null && measure(check)}${instantLink(check, figure, evidence)}
    </td>
  </tr>`;
}

/** The bytes of the sweep of which the row is told: its words are those of the first. */
function placeLinks(places: CheckGroup['places'], more: number, figure: string): Markup {
  const links = places.map(({ byte, check }, index) => {
    const at = check.atMs === null ? null : html`data-at="${check.atMs.toFixed(3)}"`;
    const words = visibleLine(check.actual, 300);
    return html`${index > 0 && ', '}<a href="#${figure}" ${at} title="${words}">${count(byte)}</a>`;
  });
  return html`<span class="places"
    >fault at byte ${links}${more > 0 && ` and ${count(more)} more that the verdict does not name`}</span
  >`;
}

/**
 * Leads to the time line; the page's script makes it the address of the instant.
 *
 * @param evidence of the attempt; null: there is none to see what happened then
 */
export function instantLink(
  { atMs, actual }: Pick<Check, 'atMs' | 'actual'>,
  figure: string,
  evidence: Seen | null,
): Markup | null {
  if (atMs === null) return null;
  const at = `at ${millis(atMs)}`;
  // The instant is often said already.
  const isSaid = actual.includes(`at ${atMs.toFixed(1)} ms`) || actual.includes(at);
  const isDeadline = !isSaid && evidence !== null && !happensAt(evidence, atMs);
  const link = (words: string): Markup =>
    html`<a class="instant" href="#${figure}" data-at="${atMs.toFixed(3)}">${words}</a>`;
  return isDeadline ? html` (${link(`was due by ${millis(atMs)}`)})` : html` ${link(isSaid ? 'show it' : at)}`;
}

/** The measured time on a line with its bounds: the allowed stretch is filled. */
function measure({ measured, outcome }: Check): Markup | null {
  if (measured === null) return null;
  const { valueMs, atLeastMs, atMostMs } = measured;
  const far = Math.max(valueMs, atMostMs ?? 0, atLeastMs ?? 0, 1e-3) * 1.15;
  const x = (ms: number): string => ((Math.max(0, ms) / far) * BAR_WIDTH).toFixed(1);
  const from = x(atLeastMs ?? 0);
  const width = Math.max(LEAST_WIDTH, Number(x(atMostMs ?? far)) - Number(from)).toFixed(1);
  return html`<span class="measure o-${outcome}"
    ><svg viewBox="0 0 ${BAR_WIDTH} 14" width="${BAR_WIDTH}" height="14" aria-hidden="true">
      <path class="rail" ${LINE} d="M0 7H${BAR_WIDTH}" />
      <rect class="allowed" ${SHADE} x="${from}" y="4" width="${width}" height="6" rx="3" />
      <path class="value" ${LINE} d="M${x(valueMs)} 0v14" /></svg
    ><span><b>${millis(valueMs)}</b> ${boundWords(measured)}</span></span
  >`;
}

function boundWords({ atLeastMs, atMostMs }: NonNullable<Check['measured']>): string {
  if (atLeastMs !== null && atLeastMs === atMostMs) return `due after ${millis(atLeastMs)}`;
  const bounds = [
    atLeastMs === null ? null : `at least ${millis(atLeastMs)}`,
    atMostMs === null ? null : `at most ${millis(atMostMs)}`,
  ];
  return bounds.filter((bound) => bound !== null).join(', ');
}
