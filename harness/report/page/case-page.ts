/**
 * One case: its claim and where the claim stands, what came of it, and every attempt with its evidence.
 */
import type { Result } from '../../evidence/run.ts';
import type { Case } from '../cases.ts';
import { behaviourOf } from '../cases.ts';
import { reproduceLine } from '../reproduce.ts';
import type { AttemptRecord } from '../run-folder.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { counted, duration } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { attemptPart } from './attempt-part.ts';
import { badge } from './badge.ts';

/** A tried result: the attempt's place among the case's, from 1. */
export interface Tried {
  readonly result: Result;
  readonly record: AttemptRecord;
  /** Words that tell it from the other attempts: `fault, attempt 2`. */
  readonly name: string;
  /** It is the one that decided its result. */
  readonly counts: boolean;
}

/**
 * @param tried the attempts whose records could be found, those that count first
 */
export function casePage(of: Case, tried: readonly Tried[], seed: string): Markup {
  const source = tried.find(({ record }) => record.evidence !== null)?.record.evidence?.plan.source ?? null;
  const titleId = `${of.id}:title`;
  return html`<article class="case" id="${of.id}" aria-labelledby="${titleId}" data-case data-verdict="${of.verdict}">
    <nav class="crumbs" aria-label="Where ${of.id} stands">
      <a href="#overview">All cases</a>
      <span aria-hidden="true">/</span> ${visibleLine(behaviourOf(of.scenario), 200).replaceAll('-', ' ')}
      <span aria-hidden="true">/</span> <code>${visibleLine(of.scenario, 200)}</code>
    </nav>
    <header class="case-head">
      ${badge(of.verdict)}
      <h1 id="${titleId}">${visibleLine(of.claim, 300)}</h1>
      <p class="reason">${visibleLine(of.decisive.reason, 1000)}</p>
      ${source !== null && html`<p class="source"><cite>${visibleLine(source.passage, 200)}</cite> ${visibleLine(source.requires, 400)}</p>`}
    </header>
    <dl class="facts">
      <div>
        <dt>Client</dt>
        <dd>${visibleLine(of.client, 100)}</dd>
      </div>
      <div>
        <dt>Server</dt>
        <dd>${visibleLine(of.server, 100)}</dd>
      </div>
      <div>
        <dt>Place</dt>
        <dd>${of.cell} cell, ${of.proxy} proxy</dd>
      </div>
      <div>
        <dt>Took</dt>
        <dd>${duration(of.decisive.durationMs)}, of which the plan waits ${duration(of.decisive.waitsMs)}</dd>
      </div>
    </dl>
    <div class="reproduce">
      <h2>Run it again</h2>
      <pre tabindex="0"><code>${reproduceLine(of.decisive, seed)}</code></pre>
    </div>
    ${attemptsTable(of)}
    ${tried.length === 0 && html`<p class="aside">No evidence of this case is in the run folder.</p>`}
    ${tried.map((each, index) => drawn(of, each, index))}
  </article>`;
}

/** One attempt that cannot be drawn must not cost the others their page. */
function drawn(of: Case, tried: Tried, index: number): Markup {
  try {
    return attemptPart(of, tried, index);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return html`<aside class="notice">
      <p>
        This attempt could not be drawn (${visibleLine(why, 300)}). Its evidence is in
        ${visibleLine(tried.record.folder, 400)}.
      </p>
    </aside>`;
  }
}

/** Shown where there is something to compare: a control, a repetition, another attempt. */
function attemptsTable(of: Case): Markup | null {
  const attempts = of.results.flatMap((result) =>
    result.attempts.map((attempt, index) => ({ result, attempt, index })),
  );
  if (attempts.length < 2) return null;
  return html`<section>
    <h2>Attempts</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Attempts">
      <table class="numbers attempts">
        <thead>
          <tr>
            <th scope="col">Variant</th>
            <th scope="col">Repetition</th>
            <th scope="col">Attempt</th>
            <th scope="col">Verdict</th>
            <th scope="col">Took</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${attempts.slice(0, 100).map(
            ({ result, attempt, index }) =>
              html`<tr>
                <th scope="row">${result.variant}</th>
                <td>${result.repetition}</td>
                <td>${index + 1}</td>
                <td>${badge(attempt.verdict)}</td>
                <td>${duration(attempt.durationMs)}</td>
                <td class="words">${visibleLine(attempt.reason, 300)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${attempts.length > 100 && html`<p class="aside">${counted(attempts.length - 100, 'more attempt')} in run.json.</p>`}
  </section>`;
}
