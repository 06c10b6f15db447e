/**
 * What a report costs: to render a long run, in time and in memory, and to open and move in a time line of 100,000 events.
 * What of it a browser does is `report-page.ts`.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Evidence } from '../harness/evidence/evidence.ts';
import type { WireEvent } from '../harness/evidence/wire-event.ts';
import { RUN_FILES } from '../harness/evidence/folder.ts';
import { hasChromium } from '../harness/report/browser/open-page.ts';
import { caseId } from '../harness/report/cases.ts';
import { sampleAttempt } from '../harness/report/sample/attempt.ts';
import { sampleRun, writeSampleRun } from '../harness/report/sample/run.ts';
import { writeReport } from '../harness/report/write-report.ts';
import { figuresOf } from './figures.ts';
import { quantile } from './quantile.ts';
import { busyPageRows } from './report-page.ts';
import type { Row } from './row.ts';

const VERDICTS = 500;
const EVENTS_EACH = 600;
const MANY_EVENTS = 100_000;
const MIB = 1024 * 1024;

export async function runReportBench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-report-'));
  try {
    return [
      ...(await renderLongRun(join(folder, 'long'))),
      ...(await memoryRows(join(folder, 'memory'))),
      ...(await openBusyPage(join(folder, 'busy'))),
    ];
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
  await writeLongRun(folder, VERDICTS);
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const startedMs = performance.now();
    await writeReport(folder);
    times.push(performance.now() - startedMs);
  }
  const value = quantile(times, 0.5);
  const { size } = await stat(join(folder, RUN_FILES.index));
  const what = `${VERDICTS} verdicts, ${VERDICTS * EVENTS_EACH} events`;
  return [
    { measure: `render ${what}, median of 5`, value, unit: 'ms', asked: 'at most 2000 ms', kept: value <= 2000 },
    { measure: `size of the page of ${what}`, value: size / MIB, unit: 'MiB' },
  ];
}

async function writeLongRun(folder: string, verdicts: number): Promise<void> {
  const attempts = Array.from({ length: verdicts }, (_, index) => {
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
}

/** The page of a run four times as long is written with little more memory: what grows is the run's results alone. */
async function memoryRows(folder: string): Promise<Row[]> {
  const short = await memoryOf(join(folder, 'short'), VERDICTS);
  const long = await memoryOf(join(folder, 'long'), 4 * VERDICTS);
  const measure = (verdicts: number): string => `memory at its most, to render ${verdicts} verdicts`;
  return [
    { measure: measure(VERDICTS), value: short, unit: 'MiB' },
    {
      measure: measure(4 * VERDICTS),
      value: long,
      unit: 'MiB',
      asked: 'at most 1.5 times as much',
      kept: long <= 1.5 * short,
    },
  ];
}

async function memoryOf(folder: string, verdicts: number): Promise<number> {
  await writeLongRun(folder, verdicts);
  const [mib = Number.NaN] = await figuresOf('report-memory.ts', folder);
  return mib;
}

async function openBusyPage(folder: string): Promise<Row[]> {
  const made = sampleAttempt({ scenario: 'framing/busy', claim: 'a busy exchange is whole' });
  const busy = { ...made, evidence: busier(made.evidence, MANY_EVENTS) };
  await writeSampleRun(folder, sampleRun([busy.result]), [busy]);
  const { index } = await writeReport(folder);
  const value = (await stat(index)).size / MIB;
  const size: Row = {
    measure: `page of ${MANY_EVENTS} events`,
    value,
    unit: 'MiB',
    asked: 'at most 1 MiB',
    kept: value <= 1,
  };
  if (!(await hasChromium())) return [size];
  return [size, ...(await busyPageRows(index, caseId(busy.result), MANY_EVENTS))];
}
