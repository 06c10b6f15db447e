/**
 * Subject by kind of death: how long each took to notice, to let go, and to serve again, over all cases of the run.
 */
import { DEATHS } from '../../evidence/detection.ts';
import type { Death, DetectionRow, Spread } from '../../evidence/detection.ts';
import type { Case } from '../cases.ts';
import { html } from '../text/markup.ts';
import type { Content, Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { wideTable } from './wide-table.ts';

const NAMES: Readonly<Record<Death, string>> = {
  fin: 'end (FIN)',
  reset: 'reset',
  silence: 'silence',
  'stalled-reader': 'stalled reader',
  freeze: 'frozen',
  kill: 'killed',
  cut: 'network cut',
};

/** Null where no subject met a death. */
export function detectionPart(rows: readonly DetectionRow[], cases: readonly Case[]): Markup | null {
  if (rows.length === 0) return null;
  const deaths = DEATHS.filter((death) => rows.some((row) => row.death === death));
  const subjects = [...Map.groupBy(rows, ({ subject, role }) => `${subject}, as ${role}`)];
  return html`<section aria-labelledby="detection-title">
    <h2 id="detection-title">How long a death goes unnoticed</h2>
    <p class="aside">
      From the first effect of a fault to the failure or end that the subject reported, by the slowest connection of
      each attempt: the longest, which leads to its case, and where there are several the median and the shortest.
      Scenarios give different budgets: whether one was kept is told there. Whoever took a torn message for a whole one
      told of no failure. Below it, to the release of the connection, and to the next message served where one was due,
      at the median. Where it never came counts as longer than any; if that is the median, the longest that came stands
      there.
    </p>
    ${wideTable({
      label: 'How long a death goes unnoticed',
      look: 'numbers',
      heads: ['Subject', ...deaths.map((death) => NAMES[death])],
      rows: subjects.map(([subject, own]) => ({
        name: visibleLine(subject, 100),
        cells: deaths.map((death) =>
          detectionCell(
            own.find((row) => row.death === death),
            cases,
          ),
        ),
      })),
    })}
  </section>`;
}

function detectionCell(row: DetectionRow | undefined, cases: readonly Case[]): Content {
  if (row === undefined) return '–';
  const { met, unnoticed, unreleased, unserved, noticed, released, served } = row;
  const worst = worstOf(row, cases);
  const lead = (words: string): Markup => (worst === null ? html`${words}` : html`<a href="#${worst}">${words}</a>`);
  const after = html`${afterwards('released', released, unreleased)}${afterwards('serves again', served, unserved)}`;
  if (noticed === null) return html`<b>${lead('no failure reported')}</b><small>${count(met)} ×</small>${after}`;
  if (unnoticed === 0) return html`<b>${lead(millis(noticed.mostMs))}</b>${restOf(noticed)}${after}`;
  return html`<b>${lead(`no failure ${count(unnoticed)} of ${count(met)} ×`)}</b
    ><small>else ${millis(noticed.mostMs)}</small>${restOf(noticed)}${after}`;
}

function restOf({ count: times, leastMs, medianMs }: Spread): Markup {
  if (times === 1) return html``;
  const median = medianMs === null ? 'never' : millis(medianMs);
  return html`<small>median ${median}, shortest ${millis(leastMs)}, ${count(times)} ×</small>`;
}

/** `serves again 20.0 ms, not in 3 of 4`, `never released, 4 ×`. */
function afterwards(what: string, spread: Spread | null, never: number): Markup | null {
  if (spread === null) return never === 0 ? null : html`<small>never ${what}, ${count(never)} ×</small>`;
  const { count: times, medianMs, mostMs } = spread;
  const not = never > 0 && `, not in ${count(never)} of ${count(times + never)}`;
  return html`<small>${what} ${millis(medianMs ?? mostMs)}${not}</small>`;
}

/** The case in which it took longest, or in which nothing was told at all; null: the results do not say. */
function worstOf({ subject, role, death }: DetectionRow, cases: readonly Case[]): string | null {
  let worst: { readonly id: string; readonly ms: number } | null = null;
  for (const { id, results } of cases) {
    for (const { encounters = [], verdict, ...pair } of results) {
      if (pair[role] !== subject || (verdict !== 'pass' && verdict !== 'fail')) continue;
      for (const each of encounters) {
        if (each.role !== role || each.death !== death) continue;
        const ms = each.unnoticed > 0 ? Number.POSITIVE_INFINITY : (each.noticedMs ?? 0);
        if (worst === null || ms > worst.ms) worst = { id, ms };
      }
    }
  }
  return worst?.id ?? null;
}
