/**
 * The kill matrix in the page: scenario by seeded bug.
 */
import type { Fate, Kill, KillMatrix } from '../mutants.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';

const FACES: Readonly<Record<Exclude<Fate, 'not-run'>, { readonly sign: string; readonly words: string }>> = {
  killed: { sign: '✗', words: 'killed' },
  survived: { sign: '○', words: 'survived' },
  unclear: { sign: '?', words: 'proved nothing' },
  spared: { sign: '–', words: 'spared by a control, as it should be' },
  blamed: { sign: '!', words: 'not spared, though this is a control' },
};

const MOST_PROBLEMS = 200;

/** @param problems what the run of seeded bugs found wrong, a sentence each */
export function killPart({ scenarios, bugs, kills }: KillMatrix, problems: readonly string[]): Markup {
  const rows = Map.groupBy(kills, ({ scenario }) => scenario);
  const fates = new Set(kills.map(({ fate }) => fate));
  return html`<section class="kill-part ${fits(bugs) && 'fits'}" aria-labelledby="kill-title">
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
                html`<th scope="col" title="${visibleLine(`${name}: ${bug}`, 400)}">
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
    <p class="aside">${signWords(fates)} Each sign leads to its case.</p>
  </section>`;
}

/** Of the table, of its scenarios, and of a character of a bug's name with what stands about it. */
const TABLE_PIXELS = 1_160;
const SCENARIO_PIXELS = 384;
const CHARACTER_PIXELS = 7.6;
const PADDING_PIXELS = 22;

/** Whether the bugs' names have room from left to right; else they are set upright. */
function fits(bugs: KillMatrix['bugs']): boolean {
  const widths = bugs.map(({ name }) => name.length * CHARACTER_PIXELS + PADDING_PIXELS);
  return widths.reduce((sum, width) => sum + width, SCENARIO_PIXELS) <= TABLE_PIXELS;
}

/** What the signs of the table mean, and what red is. */
function signWords(fates: ReadonlySet<Fate>): string {
  const signs = Object.entries(FACES)
    .filter(([fate]) => fates.has(fate as Fate))
    .map(([, { sign, words }]) => `${sign} ${words}`);
  return `${signs.join(' · ')}. Red: not what the scenario says of this bug.`;
}

/** A kill that was claimed and did not happen is what the table is for. */
function killCell({ fate, claimed, told }: Kill): Markup {
  if (fate === 'not-run' || told === null) return html`<td></td>`;
  const { sign, words } = FACES[fate];
  const isWrong = fate === 'blamed' || (claimed && fate !== 'killed');
  const look = isWrong ? 'survived' : fate === 'killed' ? 'killed' : '';
  return html`<td class="${look}">
    <a href="#${told.page}" title="${visibleLine(told.reason, 300)}"
      ><span aria-hidden="true">${sign}</span
      ><span class="unseen">${words}${claimed && isWrong && ', though claimed to be killed'}</span></a
    >
  </td>`;
}
