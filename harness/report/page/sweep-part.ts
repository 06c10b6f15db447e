/**
 * A sweep as a strip: the same fault at one byte after another, a connection each, and how each of them ended.
 */
import type { Role } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Direction } from '../../scenario/fault.ts';
import type { ByteStream } from '../bytes/stream.ts';
import { connectionOfCheck } from '../measure/claim-connections.ts';
import type { ClaimsByConnection } from '../measure/claim-connections.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted } from '../text/quantity.ts';
import { joinConnections } from '../timeline/connections.ts';
import { glyph } from './badge.ts';
import { drawnStream } from './byte-part.ts';
import type { ByteOfCheck } from './check-groups.ts';

/** Fewer faults on connections of their own are a list, not a sweep. */
const LEAST_STEPS = 4;

const MOST_STEPS = 500;

/** A strip of more is longer than a screen. */
const LONG_STEPS = 200;

interface Step {
  readonly byte: number;
  readonly conn: number;
  readonly direction: Direction;
  readonly fault: string;
  /** Its first effect; null: it had none. */
  readonly effectMs: number | null;
}

/** What the steps are told with. */
export interface SweepContext {
  readonly claims: ClaimsByConnection;
  /** Streams whose bytes are drawn. */
  readonly drawn: readonly ByteStream[];
  /** Of the attempt's time line. */
  readonly id: string;
}

/** The byte of the step that a check is about, by the connection it names; it is about none where the plan is no sweep. */
export function bytesOfChecks(evidence: Evidence): ByteOfCheck {
  const steps = stepsOf(evidence);
  if (steps.length < LEAST_STEPS) return () => null;
  const names = joinConnections(evidence);
  const bytes = new Map(steps.map(({ conn, byte }) => [conn, byte]));
  return (check) => bytes.get(connectionOfCheck(check, names) ?? -1) ?? null;
}

/** Null where the plan is no sweep. */
export function sweepPart(evidence: Evidence, { claims, drawn, id }: SweepContext): Markup | null {
  const steps = stepsOf(evidence).sort((a, b) => a.byte - b.byte);
  if (steps.length < LEAST_STEPS) return null;
  const endings = endingsOf(evidence, 'client');
  const more = steps.length - MOST_STEPS;
  const strip = html`<ol class="strip">
      ${steps
        .slice(0, MOST_STEPS)
        .map((step) =>
          stepItem(step, endings.get(step.conn) ?? 'nothing', claims.of(step.conn), placeOf(step, drawn, id)),
        )}
    </ol>
    ${more > 0 && html`<p class="aside">${counted(more, 'more step')} in faults.json.</p>`}`;
  const isWhole = steps.every(({ conn }) => claims.of(conn) === 'pass');
  return html`<section>
    <h2>The sweep</h2>
    <p class="aside">
      One connection for each place of the fault, in the order of their bytes, what the client said of it, and whether
      every claim held on it.
      ${claims.unnamed && 'More broke than the verdict names: where there is no sign, it does not tell.'}
    </p>
    ${isWhole && steps.length > LONG_STEPS ? long(steps.length, strip) : strip}
  </section>`;
}

/** A strip of many steps, none of which a reader must see. */
function long(steps: number, strip: Markup): Markup {
  return html`<details>
    <summary>Every claim held at each of ${count(steps)} places</summary>
    ${strip}
  </details>`;
}

const CLAIM_WORDS = { pass: 'every claim held', fail: 'a claim is broken', unknown: 'it proves nothing' } as const;

interface Place {
  readonly id: string;
  /** Of the time line; null: it is no instant. */
  readonly atMs: number | null;
}

/** The connection's bytes where they are drawn, else the fault's instant on the time line. */
function placeOf(step: Step, drawn: readonly ByteStream[], id: string): Place {
  const figure = drawnStream(drawn, step, id);
  return figure === null ? { id, atMs: step.effectMs } : { id: figure, atMs: null };
}

function stepItem(
  { byte, conn, fault }: Step,
  ending: string,
  outcome: ReturnType<ClaimsByConnection['of']>,
  { id, atMs }: Place,
): Markup {
  const words = outcome === null ? '' : `: ${CLAIM_WORDS[outcome]}`;
  return html`<li>
    <a
      class="step ${outcome !== null && `v-${outcome}`}"
      href="#${id}"
      ${atMs !== null && html`data-at="${atMs.toFixed(3)}"`}
      title="${fault} on connection ${conn}${words}"
      ><span class="step-place"
        >${outcome !== null && glyph(outcome)}<span class="unseen">byte </span>${count(byte)}</span
      >${ending}${outcome !== null && html`<span class="unseen">${words}</span>`}</a
    >
  </li>`;
}

function stepsOf({ plan, receipts }: Evidence): Step[] {
  const effects = new Map(receipts.map(({ fault, delivered }) => [fault, delivered?.earliestMs ?? null]));
  return plan.faults.flatMap((fault) => {
    if (!('connections' in fault) || fault.connections?.length !== 1 || !('at' in fault)) return [];
    const [conn] = fault.connections;
    const byte = Array.isArray(fault.at) ? fault.at[0] : fault.at;
    if (conn === undefined || byte === undefined) return [];
    const { id, kind, direction } = fault;
    return [{ byte, conn, direction, fault: `${id} ${kind}`, effectMs: effects.get(id) ?? null }];
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
