/**
 * Subject by kind of death: how long each took to notice, to let go, and to serve again, over all cases of the run.
 */
import { DEATHS } from '../../evidence/detection.ts';
import type { Death, DetectionRow, Spread } from '../../evidence/detection.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';

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
export function detectionPart(rows: readonly DetectionRow[]): Markup | null {
  if (rows.length === 0) return null;
  const deaths = DEATHS.filter((death) => rows.some((row) => row.death === death));
  const subjects = [...Map.groupBy(rows, ({ subject, role }) => `${subject}, as ${role}`)];
  return html`<section aria-labelledby="detection-title">
    <h2 id="detection-title">How long a death goes unnoticed</h2>
    <p class="aside">
      From the first effect of a fault to the failure or end that the subject reported: median over the attempts, and
      the range where there are several. Below it, to the release of the connection, and to the next message served.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="detection-title">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Subject</th>
            ${deaths.map((death) => html`<th scope="col">${NAMES[death]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${subjects.map(
            ([subject, own]) =>
              html`<tr>
                <th scope="row">${visibleLine(subject, 100)}</th>
                ${deaths.map((death) => detectionCell(own.find((row) => row.death === death)))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function detectionCell(row: DetectionRow | undefined): Markup {
  if (row === undefined) return html`<td>–</td>`;
  const { met, unnoticed, noticed, released, served } = row;
  const silent = unnoticed > 0 && html`<small>no failure ${count(unnoticed)} of ${count(met)} ×</small>`;
  const after = html`${released !== null && html`<small>released ${millis(released.medianMs)}</small>`}${served !== null && html`<small>serves again ${millis(served.medianMs)}</small>`}`;
  if (noticed === null) return html`<td>no failure reported<small>${count(met)} ×</small>${after}</td>`;
  return html`<td><b>${millis(noticed.medianMs)}</b>${rangeOf(noticed)}${silent}${after}</td>`;
}

function rangeOf({ count: times, leastMs, mostMs }: Spread): Markup {
  if (times === 1) return html``;
  return html`<small>${millis(leastMs)} to ${millis(mostMs)}, ${count(times)} ×</small>`;
}
