/**
 * The kill matrix in the page: scenario by seeded bug.
 */
import type { Fate, Kill, KillMatrix } from '../mutants.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';

const SIGNS: Readonly<Record<Fate, string>> = { killed: '✗', survived: '○', unclear: '?', 'not-run': '' };
const WORDS: Readonly<Record<Fate, string>> = {
  killed: 'killed',
  survived: 'survived',
  unclear: 'proved nothing',
  'not-run': '',
};

const MOST_PROBLEMS = 200;

/** @param problems what the run of seeded bugs found wrong, a sentence each */
export function killPart({ scenarios, bugs, kills }: KillMatrix, problems: readonly string[]): Markup {
  const rows = Map.groupBy(kills, ({ scenario }) => scenario);
  return html`<section class="kill-part" aria-labelledby="kill-title">
    <h2 id="kill-title">Seeded bugs</h2>
    ${
      problems.length === 0
        ? html`<p class="aside">Every seeded bug is killed, and every scenario kills what it says it kills.</p>`
        : html`<ul class="problems">
            ${problems.slice(0, MOST_PROBLEMS).map((problem) => html`<li>${visibleLine(problem, 600)}</li>`)}
          </ul>`
    }
    <div class="scroll" tabindex="0" role="group" aria-labelledby="kill-title">
      <table class="kills">
        <thead>
          <tr>
            <td></td>
            ${bugs.map(
              ({ name, bug }) =>
                html`<th scope="col" title="${visibleLine(bug, 300)}">
                  <span class="names">${visibleLine(name, 80)}</span>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${scenarios.map(
            (scenario) =>
              html`<tr>
                <th scope="row">${visibleLine(scenario, 200)}</th>
                ${(rows.get(scenario) ?? []).map(killCell)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="aside">
      ✗ killed · ○ survived · ? proved nothing. Red: the scenario says that it kills this bug, and did not.
    </p>
  </section>`;
}

/** A kill that was claimed and did not happen is what the table is for. */
function killCell({ fate, claimed }: Kill): Markup {
  if (fate === 'not-run') return html`<td></td>`;
  const words = fate === 'killed' ? WORDS[fate] : `${WORDS[fate]}${claimed ? ', though claimed to be killed' : ''}`;
  return html`<td class="${fate === 'killed' ? 'killed' : claimed ? 'survived' : ''}">
    <span aria-hidden="true">${SIGNS[fate]}</span><span class="unseen">${words}</span>
  </td>`;
}
