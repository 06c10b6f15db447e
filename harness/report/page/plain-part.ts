/**
 * An attempt with plain subjects: its faults, what the client did in each round, and what was planned.
 */
import type { PlainEvidence } from '../../evidence/evidence.ts';
import type { PlainPlan } from '../../evidence/plan.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import { endText } from '../text/end-text.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, millis } from '../text/quantity.ts';
import { visibleLine } from '../text/visible-text.ts';
import { factTable } from './fact-table.ts';
import { describeFault } from './fault-words.ts';
import { faultTable } from './fault-table.ts';
import { wideTable } from './wide-table.ts';
import type { WideRow } from './wide-table.ts';

const MOST_CHARACTERS = 160;
const MOST_FAULTS = 60;

export function plainPart(evidence: PlainEvidence): Markup {
  return html`<section>
      <h2>Faults</h2>
      ${faultTable(evidence, MOST_FAULTS)}
    </section>
    <section>
      <h2>The client's runs</h2>
      ${roundTable(evidence.records)}
    </section>
    <section>
      <h2>Plan</h2>
      ${planTable(evidence.plan)}
    </section>`;
}

function roundTable(records: readonly EvidenceRecord[]): Markup {
  const starts = records.flatMap((record, index) => (record.kind === 'round' ? [{ round: record.round, index }] : []));
  const rows = starts.map(({ round, index }, number) =>
    roundRow(round, records.slice(index, starts[number + 1]?.index)),
  );
  return wideTable({
    label: "The client's runs",
    look: 'numbers',
    heads: ['Run', 'Command', 'Took', 'End', 'Printed'],
    wordy: ['Command', 'Printed'],
    rows,
  });
}

function roundRow(round: string, own: readonly EvidenceRecord[]): WideRow {
  const spawned = own.find((record) => record.kind === 'spawned');
  const exited = own.find((record) => record.kind === 'exited' && record.role === 'client');
  const output = own.find((record) => record.kind === 'output');
  const took = spawned === undefined || exited === undefined ? '–' : millis(exited.atMs - spawned.atMs);
  const end = exited?.kind === 'exited' ? endText(exited, own) : '–';
  return {
    name: round.replaceAll('-', ' '),
    cells: [
      html`<code>${visibleLine(spawned?.command.join(' ') ?? '', MOST_CHARACTERS)}</code>`,
      took,
      end,
      output === undefined
        ? '–'
        : html`${counted(output.bytes, 'byte')} <small>${visibleLine(output.begins, MOST_CHARACTERS)}</small>`,
    ],
  };
}

function planTable({ plain: { client, control }, faults, limits, seed }: PlainPlan): Markup {
  const failing = client.failsWith === null ? 'any other status' : `status ${client.failsWith.join(', ')}`;
  const rows: [string, string][] = [
    ['Faults', faults.length === 0 ? 'none' : faults.map(describeFault).join('; ')],
    [
      'Success',
      `status ${client.succeedsWith.join(', ')}${client.output === 'same' ? ', with the output of the control run' : ''}`,
    ],
    ['Failure may be told by', client.expect === 'unaffected' ? 'nothing: no byte is lost' : failing],
    ['Ends within', `${count(limits.exchangeMs)} ms`],
    ['Control run', control === null ? 'this one' : `${control.evidence}: ${counted(control.output.bytes, 'byte')}`],
    ['Seed', seed],
  ];
  return factTable(rows.map(([name, value]) => [name, visibleLine(value, 400)]));
}
