/**
 * Subject by kind of death: how long each subject took to notice, over all cases of the run.
 */
import { ROLES } from '../../contract/words.ts';
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { HARMLESS_KINDS } from '../../scenario/fault.ts';
import { compare } from '../cases.ts';
import { detectionsOf } from '../measure/detection.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';

/** One subject met one delivered fault in one case. */
export interface Encounter {
  readonly subject: string;
  readonly role: Role;
  readonly kind: string;
  /** From the fault's first effect to the subject's failure; null: it reported none. */
  readonly afterMs: number | null;
}

const HARMLESS: ReadonlySet<string> = HARMLESS_KINDS;

/** What one attempt adds to the table: nothing for faults that only delay bytes. */
export function encountersOf(evidence: Evidence): Encounter[] {
  return detectionsOf(evidence)
    .filter(({ kind }) => !HARMLESS.has(kind))
    .flatMap(({ kind, noticed }) =>
      ROLES.map((role) => ({ subject: evidence.plan[role], role, kind, afterMs: noticed[role]?.afterMs ?? null })),
    );
}

/** Null where no subject met such a fault. */
export function detectionPart(encounters: readonly Encounter[]): Markup | null {
  if (encounters.length === 0) return null;
  const kinds = [...new Set(encounters.map(({ kind }) => kind))].sort(compare);
  const subjects = [...Map.groupBy(encounters, ({ subject, role }) => `${subject}, as ${role}`)].sort(([a], [b]) =>
    compare(a, b),
  );
  return html`<section aria-labelledby="detection-title">
    <h2 id="detection-title">How long a death goes unnoticed</h2>
    <p class="aside">
      From the first effect of a fault to the failure that the subject reported: median, and the range where there are
      several.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="detection-title">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Subject</th>
            ${kinds.map((kind) => html`<th scope="col">${kind}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${subjects.map(
            ([subject, met]) =>
              html`<tr>
                <th scope="row">${visibleLine(subject, 100)}</th>
                ${kinds.map((kind) => detectionCell(met.filter((encounter) => encounter.kind === kind)))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function detectionCell(met: readonly Encounter[]): Markup {
  const times = met.flatMap(({ afterMs }) => afterMs ?? []).sort((a, b) => a - b);
  const unnoticed = met.length - times.length;
  if (met.length === 0) return html`<td>–</td>`;
  if (times.length === 0) return html`<td>no failure reported<small>${count(met.length)} ×</small></td>`;
  const middle = times[Math.floor((times.length - 1) / 2)] ?? 0;
  const range = `${millis(times[0] ?? 0)} to ${millis(times.at(-1) ?? 0)}, ${count(times.length)} ×`;
  return html`<td>
    <b>${millis(middle)}</b
    >${times.length > 1 && html`<small>${range}</small>`}${unnoticed > 0 && html`<small>no failure ${count(unnoticed)} ×</small>`}
  </td>`;
}
