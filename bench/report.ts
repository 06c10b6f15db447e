/**
 * What a report costs: to render a long run, and to open and move in a time line of 100,000 events.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Evidence } from '../harness/evidence/evidence.ts';
import type { WireEvent } from '../harness/evidence/wire-event.ts';
import { hasChromium, launchChromium, openPage } from '../harness/report/browser/open-page.ts';
import { sampleAttempt } from '../harness/report/sample/attempt.ts';
import { sampleRun, writeSampleRun } from '../harness/report/sample/run.ts';
import { writeReport } from '../harness/report/write-report.ts';
import { quantile } from './quantile.ts';
import type { Row } from './row.ts';

const VERDICTS = 500;
const EVENTS_EACH = 600;
const MANY_EVENTS = 100_000;
const REDRAWS = 120;
const MIB = 1024 * 1024;

export async function runReportBench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-report-'));
  try {
    return [...(await renderLongRun(join(folder, 'long'))), ...(await openBusyPage(join(folder, 'busy')))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The evidence with relayed pieces added until it has that many events. */
function busier(evidence: Evidence, events: number): Evidence {
  const more = events - evidence.wire.length - evidence.records.length;
  const pieces = Array.from({ length: more }, (_, index): WireEvent => {
    const offset = Math.floor(index / 2) * 512;
    const flow = { conn: 1, direction: 'upstream', offset, bytes: 512 } as const;
    const atMs = 140 + index * 0.029 + ((index * 7919) % 13) * 0.002;
    return { kind: index % 2 === 0 ? 'read' : 'wrote', seq: evidence.wire.length + index, atMs, ...flow };
  });
  return { ...evidence, wire: [...evidence.wire, ...pieces] };
}

async function renderLongRun(folder: string): Promise<Row[]> {
  const attempts = Array.from({ length: VERDICTS }, (_, index) => {
    const made = sampleAttempt(
      {
        scenario: `dead-peer/silent-${Math.floor(index / 10)}`,
        claim: 'a silent server is noticed',
        client: `client-${index % 10}`,
        fault: { kind: 'swallow' },
        echoes: 4,
        failure: { code: 'timeout', afterMs: 1003 },
      },
      index,
    );
    return { ...made, evidence: busier(made.evidence, EVENTS_EACH) };
  });
  await writeSampleRun(folder, sampleRun(attempts.map(({ result }) => result)), attempts);
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const startedMs = performance.now();
    await writeReport(folder);
    times.push(performance.now() - startedMs);
  }
  const value = quantile(times, 0.5);
  const { size } = await stat(join(folder, 'index.html'));
  const what = `${VERDICTS} verdicts, ${VERDICTS * EVENTS_EACH} events`;
  return [
    { measure: `render ${what}, median of 5`, value, unit: 'ms', asked: 'at most 2000 ms', kept: value <= 2000 },
    { measure: `size of the page of ${what}`, value: size / MIB, unit: 'MiB' },
  ];
}

async function openBusyPage(folder: string): Promise<Row[]> {
  const made = sampleAttempt({ scenario: 'framing/busy', claim: 'a busy exchange is whole' });
  const busy = { ...made, evidence: busier(made.evidence, MANY_EVENTS) };
  await writeSampleRun(folder, sampleRun([busy.result]), [busy]);
  const { index } = await writeReport(folder);
  const { size } = await stat(index);
  const rows: Row[] = [
    {
      measure: `page of ${MANY_EVENTS} events`,
      value: size / MIB,
      unit: 'MiB',
      asked: 'at most 1 MiB',
      kept: size <= MIB,
    },
  ];
  if (!(await hasChromium())) return rows;
  const browser = await launchChromium();
  try {
    await using open = await openPage(browser, index, '#framing/busy/local-wire/node+node');
    const canvas = open.page.locator('canvas').first();
    await canvas.waitFor();
    await open.page.waitForFunction(() => performance.getEntriesByName('timeline-draw').length > 0);
    const firstMs = await open.page.evaluate(
      () => performance.getEntriesByName('timeline-draw')[0]?.startTime ?? Number.NaN,
    );
    await canvas.focus();
    for (let step = 0; step < REDRAWS; step += 1) {
      await open.page.keyboard.press(step % 3 === 0 ? 'PageDown' : step % 12 === 1 ? '+' : '-');
      await open.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    const drawsMs = await open.page.evaluate(() =>
      performance.getEntriesByName('timeline-draw').map(({ duration }) => duration),
    );
    const p95Ms = quantile(drawsMs, 0.95);
    rows.push(
      {
        measure: `open ${MANY_EVENTS} events from disk to their first drawing`,
        value: firstMs,
        unit: 'ms',
        asked: 'at most 500 ms',
        kept: firstMs <= 500,
      },
      {
        measure: `draw again among ${MANY_EVENTS} events, p95 of ${drawsMs.length}`,
        value: p95Ms,
        unit: 'ms',
        asked: 'at most 50 ms',
        kept: p95Ms <= 50,
      },
    );
  } finally {
    await browser.close();
  }
  return rows;
}
