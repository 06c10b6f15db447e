/**
 * One case: its claim and where the claim stands, what came of it, and every attempt with its evidence.
 */
import type { Result } from '../../evidence/run.ts';
import type { Check } from '../../evidence/verdict.ts';
import type { Case } from '../cases.ts';
import { behaviourOf, controlWords } from '../cases.ts';
import { rateWords } from '../measure/rate.ts';
import type { AttemptRecord } from '../run-folder.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { counted, duration } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import type { Axes } from '../timeline/axis.ts';
import { sharedAxes } from '../timeline/timeline.ts';
import { attemptPart } from './attempt-part.ts';
import type { AttemptPlace } from './attempt-part.ts';
import { attemptsTable } from './attempts-table.ts';
import { badge } from './badge.ts';
import { instantLink } from './check-table.ts';
import { environmentLine } from './environment-line.ts';

/** More parts than ran the repetitions of one case are in run.json. */
const MOST_PARTS = 6;

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
 * @param line runs it again
 * @param environment `environment.json`, whatever it holds; null: there is none
 */
export function casePage(of: Case, tried: readonly Tried[], line: string, environment: unknown = null): Markup {
  const titleId = `${of.id}:title`;
  const other = counterpart(tried);
  const axes = axesInCommon(tried[0], tried[other]);
  return html`<article
    class="case"
    id="${of.id}"
    aria-labelledby="${titleId}"
    data-case
    data-verdict="${of.verdict}"
    data-faults="${faultKinds(tried).join(' ')}"
  >
    ${crumbs(of)} ${caseHead(of, tried, titleId)}
    <div class="reproduce">
      <span aria-hidden="true">$</span><span class="unseen">Run it again: </span>
      <pre tabindex="0"><code>${line}</code></pre>
    </div>
    ${environmentLine(environment)} ${attemptsTable(of, tried)}
    ${tried.length === 0 && html`<p class="aside">No evidence of this case is in the run folder.</p>`}
    <div class="beside">
      ${tried.map((each, index) =>
        drawn(of, each, {
          index,
          open: index === other,
          named: tried.length > 1,
          axes: index === 0 || index === other ? axes : null,
        }),
      )}
    </div>
  </article>`;
}

/** What the filter knows of a case beside what the matrix shows. */
function faultKinds(tried: readonly Tried[]): string[] {
  const faults = tried.flatMap(({ record }) => record.evidence?.plan.faults ?? []);
  return [...new Set(faults.map(({ kind }) => kind))].sort();
}

function crumbs({ id, scenario }: Case): Markup {
  return html`<nav class="crumbs" aria-label="Where ${id} stands">
    <a href="#overview">All cases</a>
    <span aria-hidden="true">/</span> ${visibleLine(behaviourOf(scenario), 200).replaceAll('-', ' ')}
    <span aria-hidden="true">/</span> <code>${visibleLine(scenario, 200)}</code>
  </nav>`;
}

/** The claim, who it is about, and why the verdict is what it is. */
function caseHead(of: Case, tried: readonly Tried[], titleId: string): Markup {
  const source = tried.find(({ record }) => record.evidence !== null)?.record.evidence?.plan.source ?? null;
  const { durationMs, waitsMs } = of.decisive;
  const rate = rateWords(of);
  const waits = waitsMs > 0 && ` (the plan waits ${duration(waitsMs)})`;
  return html`<header class="case-head">
    ${badge(of.verdict)}
    <h1 id="${titleId}">${visibleLine(of.claim, 300)}</h1>
    <ul class="who" aria-label="Who, where and how long">
      <li><b>${visibleLine(of.client, 100)} → ${visibleLine(of.server, 100)}</b>${controlWords(of)}</li>
      <li>${of.cell} cell, ${of.proxy} proxy</li>
      <li>${duration(durationMs)}${waits}</li>
      ${partsOf(of).map((part) => html`<li>ran in ${part}</li>`)}
      ${rate !== null && html`<li>${rate.share}, ${rate.interval}</li>`}
    </ul>
    ${breach(of, tried) ?? html`<p class="reason">${visibleLine(of.decisive.reason, 1000)}</p>`}
    ${source !== null && html`<p class="source"><cite>${visibleLine(source.passage, 200)}</cite> ${visibleLine(source.requires, 400)}</p>`}
  </header>`;
}

/** The parts of a merged run that the case is from. */
function partsOf({ results }: Case): string[] {
  const names = results.flatMap(({ part }) => {
    if (part === undefined) return [];
    const shard = part.shard === undefined ? '' : `, shard ${part.shard.number} of ${part.shard.of}`;
    return [`${visibleLine(part.run, 100)}${shard}`];
  });
  return [...new Set(names)].slice(0, MOST_PARTS);
}

/** The first check that decided, field by field; null where the verdict does not come of a check. */
function breach(of: Case, tried: readonly Tried[]): Markup | null {
  const index = tried.findIndex(({ result, counts }) => result === of.decisive && counts);
  const deciding = (tried[index]?.record.verdict?.checks ?? []).filter(({ outcome }) => outcome === of.verdict);
  const [check] = deciding;
  if (check === undefined || of.verdict === 'pass') return null;
  const more = deciding.length - 1;
  return html`<dl class="breach v-${of.verdict}">
    <div>
      <dt>Expected</dt>
      <dd>${visibleLine(check.expected, 600)}</dd>
    </div>
    <div>
      <dt>Happened</dt>
      <dd>${visibleLine(check.actual, 600)}${instantOf(check, `${of.id}:${index + 1}`, tried[index])}</dd>
    </div>
    <div class="because">
      <dt>Breaks</dt>
      <dd>
        <b>${visibleLine(check.name, 60)}</b>:
        ${visibleLine(check.statement, 400)}${more > 0 && html` <small>and ${counted(more, 'more claim')}, below</small>`}
      </dd>
    </div>
  </dl>`;
}

/** Evidence that cannot be looked into must not cost the case its page: {@link drawn} tells of it. */
function instantOf(check: Check, figure: string, tried: Tried | undefined): Markup | null {
  try {
    return instantLink(check, figure, tried?.record.evidence ?? null);
  } catch {
    return instantLink(check, figure, null);
  }
}

/** The first attempt with the fault off where the first of all has it on, or the reverse: each shows what the other means. */
function counterpart(tried: readonly Tried[]): number {
  return tried.findIndex(({ result }) => result.variant !== tried[0]?.result.variant);
}

/** Null where there are no two to compare, or where one of them cannot be laid out: {@link drawn} tells of it. */
function axesInCommon(one: Tried | undefined, other: Tried | undefined): Axes | null {
  const [mine, theirs] = [one?.record.evidence ?? null, other?.record.evidence ?? null];
  if (mine === null || theirs === null) return null;
  try {
    return sharedAxes(mine, theirs);
  } catch {
    return null;
  }
}

/** One attempt that cannot be drawn must not cost the others their page. */
function drawn(of: Case, tried: Tried, place: AttemptPlace): Markup {
  try {
    return attemptPart(of, tried, place);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return html`<aside class="notice" aria-label="No picture of ${visibleLine(tried.record.folder, 400)}">
      <p>
        This attempt could not be drawn (${visibleLine(why, 300)}). Its evidence is in
        ${visibleLine(tried.record.folder, 400)}.
      </p>
    </aside>`;
  }
}
