/**
 * What a fault came to in numbers: detection, recovery, losses, and latency by phase.
 */
import { ROLES } from '../../contract/words.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { detectionsOf } from '../measure/detection.ts';
import type { Detection, Noticed } from '../measure/detection.ts';
import type { FaultLosses } from '../measure/fault-losses.ts';
import { distributionsOf, quantile, timedOperation } from '../measure/latency.ts';
import type { Distribution, Quantile } from '../measure/latency.ts';
import { lossesOf } from '../measure/messages.ts';
import { html } from '../text/markup.ts';
import type { Markup } from '../text/markup.ts';
import { count, millis } from '../text/quantity.ts';

/** A sweep has thousands. */
const MOST_ROWS = 60;

const SHARES = [0.5, 0.9, 0.99, 0.999, 1] as const;
const SHARE_NAMES = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const;

/** A quantile is shown only where it is not simply the maximum: at least one sample must lie beyond it. */
const shownAt = (share: number, samples: number): boolean => share === 1 || samples * (1 - share) >= 1;

export function detectionTable(evidence: Evidence): Markup | null {
  const detections = detectionsOf(evidence);
  if (detections.length === 0) return null;
  const more = detections.length - MOST_ROWS;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Detection and recovery">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Fault</th>
            <th scope="col">First effect</th>
            <th scope="col">First error</th>
            <th scope="col">Client noticed</th>
            <th scope="col">Server noticed</th>
            <th scope="col">Good again after lifting</th>
            <th scope="col">Not received whole</th>
            <th scope="col">Received again</th>
          </tr>
        </thead>
        <tbody>
          ${slowestOf(detections).map(detectionRow)}
        </tbody>
      </table>
    </div>
    <p class="aside">
      Failures count for a fault that touched their connection; messages too, if it was not yet lifted when they were
      handed
      over.${more > 0 && html` Here are those that nobody noticed, then the slowest; ${count(more)} were noticed sooner.`}
    </p>`;
}

/** All in the plan's order; of too many, those that nobody noticed, then those that took longest. */
function slowestOf(detections: readonly Detection[]): readonly Detection[] {
  if (detections.length <= MOST_ROWS) return detections;
  return detections
    .toSorted((a, b) => (firstErrorMs(a) === firstErrorMs(b) ? 0 : firstErrorMs(b) - firstErrorMs(a)))
    .slice(0, MOST_ROWS);
}

/** Infinite where nobody reported one. */
function firstErrorMs({ noticed }: Detection): number {
  return Math.min(...ROLES.map((role) => noticed[role]?.afterMs ?? Number.POSITIVE_INFINITY));
}

function detectionRow(detection: Detection): Markup {
  const { fault, kind, effectMs, noticed, recoveredMs, losses } = detection;
  const firstMs = firstErrorMs(detection);
  const first = Number.isFinite(firstMs) ? `+${millis(firstMs)}` : '–';
  return html`<tr>
    <th scope="row"><code>${fault}</code> ${kind}</th>
    <td>${millis(effectMs)}</td>
    <td>${first}</td>
    <td>${noticedWords(noticed.client)}</td>
    <td>${noticedWords(noticed.server)}</td>
    <td>${recoveredMs === null ? '–' : millis(recoveredMs)}</td>
    <td>${messageWords(losses, 'lost')}</td>
    <td>${messageWords(losses, 'doubled')}</td>
  </tr>`;
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

export function lossTable(evidence: Evidence): Markup | null {
  const rows = ROLES.map((sender) => ({ sender, losses: lossesOf(evidence, sender) })).filter(
    ({ losses }) => losses.sent > 0,
  );
  if (rows.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Messages">
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">Messages</th>
          <th scope="col">handed over</th>
          <th scope="col">received whole</th>
          <th scope="col">torn or foreign</th>
          <th scope="col">missing</th>
          <th scope="col">received in excess</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ sender, losses }) =>
            html`<tr>
              <th scope="row">from the ${sender}</th>
              <td>${count(losses.sent)}</td>
              <td>${count(losses.whole)}</td>
              <td>${count(losses.wrong)}</td>
              <td>${count(losses.missing)}</td>
              <td>${count(losses.excess)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function latencyTable(evidence: Evidence): Markup | null {
  const operation = timedOperation(evidence.plan.workload);
  const distributions = distributionsOf(evidence);
  if (operation === null || distributions.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Latency">
    <table class="numbers">
      <caption>
        Time ${operation}, by when it happened
      </caption>
      <thead>
        <tr>
          <th scope="col">Against the fault</th>
          <th scope="col">n</th>
          <th scope="col">never ended</th>
          ${SHARE_NAMES.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${distributions.map(distributionRow)}
      </tbody>
    </table>
  </div>`;
}

function distributionRow({ phase, samples, censored }: Distribution): Markup {
  return html`<tr>
    <th scope="row">${phase}</th>
    <td>${count(samples.length)}</td>
    <td>${count(censored)}</td>
    ${SHARES.map(
      (share) => html`<td>${shownAt(share, samples.length) ? quantileWords(quantile(samples, share)) : '–'}</td>`,
    )}
  </tr>`;
}

function quantileWords({ valueMs, atLeast }: Quantile): string {
  return `${atLeast ? '≥ ' : ''}${millis(valueMs)}`;
}
