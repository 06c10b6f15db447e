/**
 * One attempt of a case: time line, checks, faults, what came of them, plan, logs and raw files.
 */
import { ROLES } from '../../contract/words.ts';
import { isPlain } from '../../evidence/evidence.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { ATTEMPT_FILES, logFile, RUN_FILES } from '../../evidence/folder.ts';
import type { Verdict, VerdictWord } from '../../evidence/verdict.ts';
import type { ByteStream } from '../bytes/stream.ts';
import type { Case } from '../cases.ts';
import { claimsByConnection } from '../measure/claim-connections.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { visibleLine } from '../text/visible-text.ts';
import type { Axes } from '../timeline/axis.ts';
import { joinConnections } from '../timeline/connections.ts';
import { timelineOf } from '../timeline/timeline.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { badge } from './badge.ts';
import { bytePart, streamsByUrgency } from './byte-part.ts';
import type { Tried } from './case-page.ts';
import { checkTable } from './check-table.ts';
import { evidencePath } from './evidence-path.ts';
import { faultTable } from './fault-table.ts';
import { logView } from './log-view.ts';
import { detectionTable, latencyTable, lossTable } from './outcome-tables.ts';
import { plainPart } from './plain-part.ts';
import { planTable } from './plan-table.ts';
import { bytesOfChecks, sweepPart } from './sweep-part.ts';
import type { SweepContext } from './sweep-part.ts';
import { timelineFigure } from './timeline-figure.ts';
import type { FigureNames } from './timeline-figure.ts';

/** Where an attempt stands among those of its case. */
export interface AttemptPlace {
  /** From 0. */
  readonly index: number;
  /** It stands open though it is not the first. */
  readonly open: boolean;
  /** There are others to tell it from. */
  readonly named: boolean;
  /** The axes of the one it is compared with; null: it has its own. */
  readonly axes: Axes | null;
}

/** The first attempt of a case stands open, and what it is compared with; the others open on demand. */
export function attemptPart(of: Case, tried: Tried, { index, open, named, axes }: AttemptPlace): Markup {
  const id = `${of.id}:${index + 1}`;
  const body = html`${problems(tried)}${story(of, tried, id, axes)}${files(tried.record.folder)}`;
  const name = html`${badge(verdictOf(tried))} ${tried.name}`;
  if (index === 0)
    return html`<section class="attempt">${named && html`<p class="attempt-name">${name}</p>`}${body}</section>`;
  return html`<details class="attempt" ${open ? 'open' : ''}>
    <summary class="attempt-name">${name}</summary>
    ${body}
  </details>`;
}

/** As the table of attempts has it: what could not be set up has no verdict of its own beside its evidence. */
function verdictOf({ result, record }: Tried): VerdictWord {
  return result.attempts.find(({ evidence }) => evidence === record.folder)?.verdict ?? result.verdict;
}

function problems({ record }: Tried): Markup | null {
  const said = [...record.problems, ...(record.evidence?.damage ?? [])];
  if (said.length === 0) return null;
  return html`<aside class="notice" aria-label="Damage of ${visibleLine(record.folder, 400)}">
    <p>Not all of this attempt's evidence could be read:</p>
    <ul>
      ${said.slice(0, 20).map((problem) => html`<li>${visibleLine(problem, 400)}</li>`)}
    </ul>
  </aside>`;
}

function story(of: Case, { record, name }: Tried, id: string, axes: Axes | null): Markup {
  const { evidence, verdict } = record;
  // Few look into what went well, and most of a run does.
  const extent = verdict?.verdict === 'pass' ? BRIEF : FULL;
  const told = evidence === null || isPlain(evidence) ? null : toldOf(evidence, verdict, { id, extent });
  const title = `Time line of ${name} of ${visibleLine(of.scenario, 120)}`;
  return html`${evidence !== null && whatHappened(timelineOf(evidence, verdict, axes), { id, title, rows: extent.events })}
    ${told !== null && sweepPart(told.evidence, told)}
    ${
      verdict !== null &&
      html`<section>
        <h2>Claims</h2>
        ${checkTable(verdict, id, evidence, told === null ? undefined : bytesOfChecks(told.evidence))}
      </section>`
    }
    ${evidence !== null && isPlain(evidence) && plainPart(evidence)} ${told !== null && details(told)}
    <section class="logs">
      <h2>Logs</h2>
      ${ROLES.map((role) => logView(role, record.logs[role]))}
    </section>`;
}

/** How much of an attempt stands in the page; its files have it all. */
interface Extent {
  readonly events: number;
  readonly streams: number;
  readonly faults: number;
}

const FULL: Extent = { events: 80, streams: 4, faults: 60 };
const BRIEF: Extent = { events: 24, streams: 2, faults: 12 };

/** Evidence of a contract subject, and what several parts take from it. */
interface Told extends SweepContext {
  readonly evidence: Evidence;
  readonly verdict: Verdict | null;
  readonly extent: Extent;
  /** Of these the first are drawn. */
  readonly streams: readonly ByteStream[];
}

function toldOf(
  evidence: Evidence,
  verdict: Verdict | null,
  { id, extent }: { readonly id: string; readonly extent: Extent },
): Told {
  const claims = claimsByConnection(verdict, joinConnections(evidence));
  const streams = streamsByUrgency(evidence, claims);
  return { evidence, verdict, claims, streams, drawn: streams.slice(0, extent.streams), id, extent };
}

function whatHappened(timeline: Timeline, names: FigureNames): Markup {
  return html`<section>
    <h2>What happened</h2>
    ${timelineFigure(timeline, names)}
  </section>`;
}

function details({ evidence, verdict, streams, drawn, id, extent }: Told): Markup {
  const tables = [detectionTable(evidence, extent.faults), lossTable(evidence), latencyTable(evidence, verdict)].filter(
    (table) => table !== null,
  );
  return html`<section>
      <h2>Faults</h2>
      ${faultTable(evidence, extent.faults)}
    </section>
    ${
      tables.length > 0 &&
      html`<section>
        <h2>What it came to</h2>
        ${tables}
      </section>`
    }
    ${bytePart(evidence, { streams, drawn, id })}
    <section>
      <h2>Plan</h2>
      ${planTable(evidence.plan)}
    </section>`;
}

function files(folder: string): Markup {
  const names = [...Object.values(ATTEMPT_FILES), ...ROLES.map(logFile)];
  return html`<p class="files">
    Evidence beside this page: ${names.map((name) => html`<a href="${evidencePath(folder, name)}">${name}</a> `)}
    <a href="${RUN_FILES.environment}">${RUN_FILES.environment}</a>
  </p>`;
}
