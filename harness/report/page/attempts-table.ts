/**
 * The attempts of a case beside one another: the fault and its control, repetitions, what was tried again.
 *
 * Each figure stands under the same figure of the attempt before, so that what the fault changed is seen at once.
 */
import type { Role } from '../../contract/words.ts';
import { isPlain } from '../../evidence/evidence.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { ATTEMPT_FILES } from '../../evidence/folder.ts';
import type { Result } from '../../evidence/run.ts';
import type { Case } from '../cases.ts';
import { lossesOf } from '../measure/messages.ts';
import { html } from '../text/markup.ts';
import type { Content, Markup } from '../text/markup.ts';
import { count, counted, duration } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { badge } from './badge.ts';
import type { Tried } from './case-page.ts';
import { evidencePath } from './evidence-path.ts';
import { wideTable } from './wide-table.ts';
import type { WideRow } from './wide-table.ts';

const MOST_ROWS = 100;

interface Row {
  readonly name: string;
  readonly attempt: Result['attempts'][number];
  /** Number of its part of the page, from 1; 0: it is a row only. */
  readonly part: number;
  readonly evidence: Evidence | null;
}

/** Null where there is nothing to compare. */
export function attemptsTable(of: Case, tried: readonly Tried[]): Markup | null {
  const rows = rowsOf(of, tried);
  if (rows.length < 2) return null;
  const more = rows.length - MOST_ROWS;
  const isOnlyRow = rows.some(({ part }) => part === 0);
  return html`<section>
    <h2>Attempts</h2>
    ${wideTable({
      label: 'Attempts',
      look: 'numbers attempts',
      heads: ['Attempt', 'Verdict', 'Took', 'Client said', 'Server said', 'Server got', 'Client got', 'Why'],
      wordy: ['Why'],
      rows: rows.slice(0, MOST_ROWS).map((row) => tableRow(row, of.id)),
    })}
    ${isOnlyRow && html`<p class="aside">Of attempts without figures nothing more is shown here: they lead to their files.</p>`}
    ${more > 0 && html`<p class="aside">${counted(more, 'more attempt')} in run.json.</p>`}
  </section>`;
}

function rowsOf(of: Case, tried: readonly Tried[]): Row[] {
  return of.results.flatMap((result) =>
    result.attempts.map((attempt, index) => {
      const part = tried.findIndex(({ record }) => record.folder === attempt.evidence);
      const evidence = tried[part]?.record.evidence ?? null;
      return {
        name: attemptName(result, index),
        attempt,
        part: part + 1,
        evidence: evidence === null || isPlain(evidence) ? null : evidence,
      };
    }),
  );
}

/** What tells an attempt from the others of its case: `control, repetition 2, attempt 1`. */
export function attemptName({ variant, repetition, attempts }: Result, index: number): string {
  const name = repetition === 1 ? variant : `${variant}, repetition ${repetition}`;
  return attempts.length < 2 ? name : `${name}, attempt ${index + 1}`;
}

/** What the client sent is what the server got. */
const TOLD: readonly Role[] = ['client', 'server'];

function tableRow({ name, attempt, part, evidence }: Row, id: string): WideRow {
  const told = (tell: (evidence: Evidence) => Content): Content => (evidence === null ? '–' : tell(evidence));
  return {
    name: html`<a href="${part === 0 ? evidencePath(attempt.evidence, ATTEMPT_FILES.verdict) : `#${id}:${part}`}"
      >${name}</a
    >`,
    cells: [
      badge(attempt.verdict),
      duration(attempt.durationMs),
      ...TOLD.map((role) => told((own) => saidBy(own, role))),
      ...TOLD.map((sender) => told((own) => arrived(own, sender))),
      visibleLine(attempt.reason, 300),
    ],
  };
}

/** The failures that a role reported: `timeout`, `3 × reset`. */
function saidBy({ records }: Evidence, role: Role): Markup | string {
  const codes = records.flatMap((record) =>
    record.kind === 'event' && record.role === role && record.event.event === 'failed' ? [record.event.code] : [],
  );
  if (codes.length === 0) return 'no failure';
  return html`${[...Map.groupBy(codes, (code) => code)].map(
    ([code, { length }], index) => html`${index > 0 && ', '}${length > 1 && `${count(length)} × `}<code>${code}</code>`,
  )}`;
}

/** Whole messages; a torn one is none. */
function arrived(evidence: Evidence, sender: Role): Markup | string {
  const { sent, whole, wrong, excess } = lossesOf(evidence, sender);
  if (sent + excess === 0) return '–';
  const beside = [
    ...(wrong > 0 ? [`${count(wrong)} torn or foreign`] : []),
    ...(excess > 0 ? [`${count(excess)} in excess`] : []),
  ];
  return html`${count(whole)} of ${count(sent)}${beside.length > 0 && html`<small>${beside.join(', ')}</small>`}`;
}
