/**
 * A sweep as a strip: the same fault at one byte after another, a connection each, and how each of them ended.
 */
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count } from '../text/quantity.ts';
import { joinConnections } from '../timeline/connections.ts';

/** Fewer faults on connections of their own are a list, not a sweep. */
const LEAST_STEPS = 4;

interface Step {
  readonly byte: number;
  readonly conn: number;
  readonly fault: string;
}

/** Null where the plan is no sweep. */
export function sweepPart(evidence: Evidence): Markup | null {
  const steps = stepsOf(evidence).sort((a, b) => a.byte - b.byte);
  if (steps.length < LEAST_STEPS) return null;
  const endings = endingsOf(evidence, 'client');
  return html`<section>
    <h2>The sweep</h2>
    <p class="aside">
      One connection for each place of the fault, in the order of their bytes, and what the client said of it.
    </p>
    <ol class="strip">
      ${steps.slice(0, 500).map(({ byte, conn, fault }) => {
        const ending = endings.get(conn) ?? 'nothing';
        const tone = ending === 'ended' ? 'ended' : ending === 'nothing' ? 'silent' : 'failed';
        return html`<li class="${tone}" title="${fault} on connection ${conn}">
          <small>${count(byte)}</small>${ending}
        </li>`;
      })}
    </ol>
  </section>`;
}

function stepsOf({ plan }: Evidence): Step[] {
  return plan.faults.flatMap((fault) => {
    if (!('connections' in fault) || fault.connections?.length !== 1 || !('at' in fault)) return [];
    const [conn] = fault.connections;
    const byte = Array.isArray(fault.at) ? fault.at[0] : fault.at;
    return conn === undefined || byte === undefined ? [] : [{ byte, conn, fault: `${fault.id} ${fault.kind}` }];
  });
}

/** The code of each connection's failure, or `ended` where it closed without one. */
function endingsOf(evidence: Evidence, of: Role): Map<number, string> {
  const names = joinConnections(evidence);
  const endings = new Map<number, string>();
  for (const record of evidence.records) {
    if (record.kind !== 'event' || record.role !== of) continue;
    const { event } = record;
    if (event.event === 'failed' && event.conn !== undefined) endings.set(names(of, event.conn), event.code);
    if (event.event === 'closed' && !endings.has(names(of, event.conn))) endings.set(names(of, event.conn), 'ended');
  }
  return endings;
}
