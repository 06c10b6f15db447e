/**
 * What a fault came to in numbers: detection, recovery, losses, and latency by phase.
 */
import { ROLES } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Verdict } from '../../evidence/verdict.ts';
import { detectionsOf } from '../measure/detection.ts';
import type { Detection, Noticed } from '../measure/detection.ts';
import type { FaultLosses } from '../measure/fault-losses.ts';
import { distributionsOf, quantile, timedOperation } from '../measure/latency.ts';
import type { Distribution, Quantile } from '../measure/latency.ts';
import { lossesOf } from '../measure/messages.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, counted, millis } from '../text/quantity.ts';
import { folded, wideTable } from './wide-table.ts';
import type { WideRow } from './wide-table.ts';

const SHARES = [0.5, 0.9, 0.99, 0.999, 1] as const;
const SHARE_NAMES = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const;

/** A quantile is shown only where it is not simply the maximum: at least one sample must lie beyond it. */
const shownAt = (share: number, samples: number): boolean => share === 1 || samples * (1 - share) >= 1;

/** @param most a sweep has thousands */
export function detectionTable(evidence: Evidence, most: number): Markup | null {
  const detections = detectionsOf(evidence);
  if (detections.length === 0) return null;
  const more = detections.length - most;
  const table = html`${wideTable({
      label: 'Detection and recovery',
      look: 'numbers',
      heads: [
        'Fault',
        'First effect',
        'First error',
        'Client noticed',
        'Server noticed',
        'Good again after lifting',
        'Not received whole',
        'Received again',
      ],
      rows: slowestOf(detections, most).map(detectionRow),
    })}
    <p class="aside">
      Failures count for a fault that touched their connection; messages too, if it was not yet lifted when they were
      handed
      over.${more > 0 && html` Here are those that nobody noticed, then the slowest; ${count(more)} were noticed sooner.`}
    </p>`;
  return folded(`Detection and recovery of ${counted(detections.length, 'fault')}`, detections.length, table);
}

/** All in the plan's order; of too many, those that nobody noticed, then those that took longest. */
function slowestOf(detections: readonly Detection[], most: number): readonly Detection[] {
  if (detections.length <= most) return detections;
  return detections
    .toSorted((a, b) => (firstErrorMs(a) === firstErrorMs(b) ? 0 : firstErrorMs(b) - firstErrorMs(a)))
    .slice(0, most);
}

/** Infinite where nobody reported one. */
function firstErrorMs({ noticed }: Detection): number {
  return Math.min(...ROLES.map((role) => noticed[role]?.afterMs ?? Number.POSITIVE_INFINITY));
}

function detectionRow(detection: Detection): WideRow {
  const { fault, kind, effectMs, noticed, recovery, losses } = detection;
  const firstMs = firstErrorMs(detection);
  return {
    name: html`<code>${fault}</code> ${kind}`,
    cells: [
      millis(effectMs),
      Number.isFinite(firstMs) ? `+${millis(firstMs)}` : '–',
      noticedWords(noticed.client),
      noticedWords(noticed.server),
      recoveryWords(recovery),
      messageWords(losses, 'lost'),
      messageWords(losses, 'doubled'),
    ],
  };
}

/** `2` with whose they were; what more than one fault may have done is said beside it. */
function messageWords(losses: FaultLosses, what: 'lost' | 'doubled'): Markup | string {
  const { client, server } = losses[what];
  const untold = losses.untold[what];
  if (client + server + untold === 0) return '0';
  const whose = [
    client === 0 ? null : `${count(client)} to the server`,
    server === 0 ? null : `${count(server)} to the client`,
    untold === 0 ? null : `not told whether by it: ${count(untold)}`,
  ].filter((part) => part !== null);
  return html`${client + server === 0 ? '–' : count(client + server)}<small>${whose.join(', ')}</small>`;
}

function noticedWords(noticed: Noticed | null): Markup {
  if (noticed === null) return html`–`;
  return html`<b>+${millis(noticed.afterMs)}</b> <code>${noticed.code}</code>`;
}

function recoveryWords(recovery: Detection['recovery']): string {
  if (recovery === null) return 'not lifted';
  return recovery.afterMs === null ? 'nothing came' : millis(recovery.afterMs);
}

export function lossTable(evidence: Evidence): Markup | null {
  const rows = ROLES.map((sender) => ({ sender, losses: lossesOf(evidence, sender) })).filter(
    ({ losses }) => losses.sent > 0,
  );
  if (rows.length === 0) return null;
  return wideTable({
    label: 'Messages',
    look: 'numbers',
    heads: ['Messages', 'handed over', 'received whole', 'torn or foreign', 'missing', 'received in excess'],
    rows: rows.map(({ sender, losses: { sent, whole, wrong, missing, excess } }) => ({
      name: `from the ${sender}`,
      cells: [sent, whole, wrong, missing, excess].map(count),
    })),
  });
}

export function latencyTable(evidence: Evidence, verdict: Verdict | null): Markup | null {
  const operation = timedOperation(evidence.plan.workload);
  const distributions = distributionsOf(evidence, verdict);
  if (operation === null || distributions.length === 0) return null;
  return wideTable({
    label: 'Latency',
    look: 'numbers',
    caption: `Time ${operation}, by when it happened`,
    heads: ['Against the fault', 'n', 'never ended', ...SHARE_NAMES],
    rows: distributions.map(distributionRow),
  });
}

function distributionRow({ phase, samples, censored }: Distribution): WideRow {
  const quantiles = SHARES.map((share) =>
    shownAt(share, samples.length) ? quantileWords(quantile(samples, share)) : '–',
  );
  return { name: phase, cells: [count(samples.length), count(censored), ...quantiles] };
}

function quantileWords({ valueMs, atLeast }: Quantile): string {
  return `${atLeast ? '≥ ' : ''}${millis(valueMs)}`;
}
