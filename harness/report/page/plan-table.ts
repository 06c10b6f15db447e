/**
 * What the attempt was going to do: workload, parameters, limits, and what had to be seen.
 */
import { paramsSchema } from '../../contract/params.ts';
import type { Plan } from '../../evidence/plan.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { factTable } from './fact-table.ts';
import { describeExpectation, describeSeen } from './expectation-words.ts';
import { describeFaults } from './sweep-words.ts';
import * as v from 'valibot';

const DEFAULTS: Readonly<Record<string, unknown>> = v.parse(paramsSchema, {});

export function planTable(plan: Plan): Markup {
  const clocks: [string, string][] = plan.kernel === undefined ? [] : [['Kernel', `${plan.kernel} clocks`]];
  const rows: [string, Markup | string][] = [
    ['Workload', plan.workload],
    ['Parameters', parameters(plan)],
    ...clocks,
    ['Faults', plan.faults.length === 0 ? 'none' : list(describeFaults(plan.faults).map(({ words }) => words))],
    ['Must be seen', plan.seen.length === 0 ? 'nothing in particular' : list(plan.seen.map(describeSeen))],
    ['Expected', list(plan.expect.map(describeExpectation))],
    [
      'Limits',
      `listening within ${count(plan.limits.startMs)} ms, the exchange within ${count(plan.limits.exchangeMs)} ms, exit within ${count(plan.limits.graceMs)} ms of the end of input`,
    ],
    ['The plan itself waits', `${count(plan.waitsMs)} ms`],
    ['Seed', html`<code>${visibleLine(plan.seed, 200)}</code>`],
  ];
  return factTable(rows);
}

function list(items: readonly string[]): Markup {
  const shown = items.slice(0, 50);
  return html`<ul>
    ${shown.map((item) => html`<li>${visibleLine(item, 400)}</li>`)}${items.length > shown.length && html`<li>${counted(items.length - shown.length, 'more', 'more')}</li>`}
  </ul>`;
}

/** What differs from the contract's defaults is set in bold, the rest follows in small print. */
function parameters(plan: Plan): Markup {
  const entries = Object.entries(plan.params).map(([key, value]) => ({
    key,
    value: visibleLine(typeof value === 'string' ? value : JSON.stringify(value), 100),
    usual: JSON.stringify(value) === JSON.stringify(DEFAULTS[key]),
  }));
  const own = entries.filter(({ usual }) => !usual);
  const usual = entries.filter((entry) => entry.usual);
  return html`${own.map(({ key, value }) => html`<span class="param"><code>${key}</code> <b>${value}</b></span> `)}<small
      >Defaults: ${usual.map(({ key, value }) => `${key} ${value}`).join(', ')}</small
    >`;
}
