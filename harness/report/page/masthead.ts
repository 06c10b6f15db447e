/**
 * The top of the page: what the run came to, in one sentence, and the facts of the run.
 */
import type { Run } from '../../evidence/run.ts';
import { triedAgain } from '../cases.ts';
import type { Case } from '../cases.ts';
import { exitWords, headlineOf, tallyOf } from '../headline.ts';
import type { Tally } from '../headline.ts';
import { casesCounted } from '../measure/rate.ts';
import type { RunRecord } from '../run-folder.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, duration } from '../text/quantity.ts';
import { VERDICTS_BY_URGENCY } from '../text/verdict-word.ts';
import { visibleLine } from '../text/visible-text.ts';
import { glyph } from './badge.ts';

const BAR_WIDTH = 1000;
const BAR_GAP = 2;
const MOST_LINKS = 50;
const MOST_ARGUMENT_CHARACTERS = 400;

export function masthead(record: RunRecord, cases: readonly Case[]): Markup {
  const tally = tallyOf(cases);
  const { tone, sentence } = headlineOf(record);
  return html`<header class="masthead">
    <h1 class="v-${tone}">${sentence}</h1>
    ${record.mutants === null && tallyBar(tally, cases, record.run)} ${facts(record)} ${laterAttempts(cases)}
    ${
      record.problems.length > 0 &&
      html`<aside class="notice" aria-label="Damage of the run">
        <p>Not everything in the run folder could be read:</p>
        <ul>
          ${record.problems.slice(0, 20).map((problem) => html`<li>${visibleLine(problem, 400)}</li>`)}
        </ul>
      </aside>`
    }
  </header>`;
}

/** A verdict that took more than one attempt is not like one that came at once. */
function laterAttempts(cases: readonly Case[]): Markup | null {
  const again = triedAgain(cases);
  if (again.length === 0) return null;
  const links = again
    .slice(0, MOST_LINKS)
    .map(
      ({ of, result }) =>
        html`<li>
          <a href="#${of.id}">${visibleLine(of.scenario, 200)}</a>, ${visibleLine(of.client, 60)} →
          ${visibleLine(of.server, 60)}: ${result.verdict} on attempt ${result.attempts.length}
        </li>`,
    );
  const more = again.length - MOST_LINKS;
  return html`<details class="aside">
    <summary>${counted(again.length, 'verdict')} came on a later attempt</summary>
    <ul>
      ${links}
    </ul>
    ${more > 0 && html`<p>and ${counted(more, 'other')}, in run.json</p>`}
  </details>`;
}

function tallyBar(tally: Tally, cases: readonly Case[], run: Run): Markup {
  const total = cases.length;
  const present = VERDICTS_BY_URGENCY.flatMap((word) => {
    const number = tally.get(word) ?? 0;
    return number === 0 ? [] : [{ word, number }];
  });
  let left = 0;
  const parts = present.map(({ word, number }, index) => {
    const width = (number / total) * BAR_WIDTH;
    const gap = index === present.length - 1 ? 0 : BAR_GAP;
    const rect = html`<rect
      class="fill v-${word}"
      x="${left.toFixed(1)}"
      y="0"
      width="${Math.max(2, width - gap).toFixed(1)}"
      height="10"
    />`;
    left += width;
    return rect;
  });
  return html`<svg
      class="tally-bar"
      viewBox="0 0 ${BAR_WIDTH} 10"
      width="100%"
      height="10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${parts}
    </svg>
    <ul class="tally">
      ${present.map(
        ({ word, number }) => html`<li class="v-${word}">${glyph(word)}<b>${count(number)}</b> ${word}</li>`,
      )}
      <li class="of">of ${casesCounted(cases, run)}</li>
    </ul>`;
}

function facts(record: RunRecord): Markup {
  const { run } = record;
  const { status, meaning } = exitWords(record);
  const started = run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const rows: [string, string | Markup][] = [
    ['Run', visibleLine(run.run, 200)],
    ['Started', visibleLine(started, 60)],
    ['Took', duration(run.durationMs)],
    ['Seed', html`<code>${visibleLine(run.seed, 200)}</code>`],
    ['Exit status', status === null ? meaning : `${status}, ${meaning}`],
    ...(run.parts === undefined ? [commandRow(run)] : []),
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([term, value]) =>
        html`<div class="${term === 'Command' ? 'wide' : 'fact'}">
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function commandRow({ command }: Run): [string, Markup] {
  return ['Command', html`<code>${visibleLine(`halfopen ${command.join(' ')}`, MOST_ARGUMENT_CHARACTERS)}</code>`];
}
