/**
 * Each planned fault: what was asked, what was answered, what proves that it was delivered, and how it was lifted.
 */
import type { Evidence, PlainEvidence } from '../../evidence/evidence.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { folded, wideTable } from './wide-table.ts';
import type { WideRow } from './wide-table.ts';
import { describeFault } from './fault-words.ts';

const GRADES: Readonly<Record<string, string>> = {
  kernel: 'the kernel says so',
  engine: 'the container engine says so',
  recorder: 'a recording proxy beside the injector saw it',
  self: 'the injector’s own offset and count',
};

const MOST_CHARACTERS = 240;
/** @param most a sweep has thousands: faults.json has them all */
export function faultTable(
  { plan, receipts }: Pick<Evidence | PlainEvidence, 'plan' | 'receipts'>,
  most: number,
): Markup {
  if (plan.faults.length === 0)
    return html`<p class="aside">No fault was planned: this is how the pair behaves on a kind network.</p>`;
  const byFault = new Map(receipts.map((receipt) => [receipt.fault, receipt]));
  const shown = shownOf(plan.faults, byFault, most);
  const more = plan.faults.length - shown.length;
  const table = html`${wideTable({
    label: 'Faults',
    look: 'faults',
    heads: ['Fault', 'Asked', 'Acknowledged', 'Delivered', 'Proof', 'Lifted'],
    rows: shown.map((fault) => faultRow(fault.id, describeFault(fault), byFault.get(fault.id) ?? null)),
  })}
  ${more > 0 && html`<p class="aside">${counted(more, 'more fault')} in faults.json; all that were not delivered as asked come first here.</p>`}`;
  const unsound = plan.faults.filter((fault) => !isSound(fault, byFault)).length;
  return folded(`${counted(plan.faults.length, 'fault')}, ${deliveryWords(unsound)}`, plan.faults.length, table);
}

function deliveryWords(unsound: number): string {
  return unsound === 0 ? 'all delivered as asked' : `${count(unsound)} not delivered as asked`;
}

/** In the plan's order, but what went wrong first where not all can be shown. */
function shownOf<Fault extends { readonly id: string }>(
  faults: readonly Fault[],
  receipts: ReadonlyMap<string, Receipt>,
  most: number,
): readonly Fault[] {
  if (faults.length <= most) return faults;
  const soundness = (fault: Fault): number => Number(isSound(fault, receipts));
  return faults.toSorted((a, b) => soundness(a) - soundness(b)).slice(0, most);
}

function isSound({ id }: { readonly id: string }, receipts: ReadonlyMap<string, Receipt>): boolean {
  const receipt = receipts.get(id);
  return receipt !== undefined && receipt.delivered !== null && receipt.error === null;
}

function faultRow(id: string, words: string, receipt: Receipt | null): WideRow {
  const name = html`<code>${id}</code> ${words}`;
  if (receipt === null) return { name, cells: [missing('no receipt was written'), '–', '–', '–', '–'] };
  const { asked, acknowledged, delivered } = receipt;
  return {
    name,
    cells: [
      asked === null ? missing('not asked') : stamped(asked.atMs, asked.request),
      acknowledged === null ? missing('no answer') : stamped(acknowledged.atMs, acknowledged.answer),
      delivered === null
        ? missing('not delivered')
        : html`<b>${millis(delivered.earliestMs)}</b
            >${delivered.latestMs > delivered.earliestMs && html` to ${millis(delivered.latestMs)}`}<small
              >${count(delivered.count)} ×</small
            >`,
      delivered === null
        ? '–'
        : html`<span class="grade" title="${GRADES[delivered.grade] ?? ''}">${delivered.grade}</span
            ><small>${visibleLine(delivered.proof, MOST_CHARACTERS)}</small>`,
      lifted(receipt),
    ],
  };
}

function stamped(atMs: number, text: string): Markup {
  return html`<b>${millis(atMs)}</b><small>${visibleLine(text, MOST_CHARACTERS)}</small>`;
}

function missing(text: string): Markup {
  return html`<span class="missing">${text}</span>`;
}

function lifted({ lifted: lift, error }: Receipt): Markup {
  if (error !== null)
    return html`<span class="missing">${error.step} failed: ${visibleLine(error.message, MOST_CHARACTERS)}</span>`;
  if (lift === null) return html`stayed`;
  if (lift.acknowledgedAtMs === null) return missing('asked, not answered');
  return html`<b>${millis(lift.acknowledgedAtMs)}</b>`;
}
