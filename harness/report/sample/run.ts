/**
 * Test only: whole runs of hand-written values, and their folders.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { countVerdicts } from '../../evidence/counts.ts';
import { detectionTable } from '../../evidence/detection.ts';
import { ATTEMPT_FILES, RUN_FILES } from '../../evidence/folder.ts';
import type { Result, Run } from '../../evidence/run.ts';
import type { SampleAttempt } from './attempt.ts';
import type { SamplePlainAttempt } from './plain.ts';

export function sampleRun(results: readonly Result[], more: Partial<Run> = {}): Run {
  return {
    schema: 1,
    run: '2026-11-22T12-00-00-sample',
    seed: '7',
    startedAt: '2026-11-22T12:00:00.000Z',
    durationMs: 12_840,
    exitStatus: results.some(({ verdict }) => verdict === 'fail') ? 1 : 0,
    command: ['run', '--server', 'node,python', '--client', 'node,python'],
    counts: countVerdicts(results),
    results: [...results],
    detection: detectionTable(results),
    ...more,
  };
}

/** Writes a run folder as the suite does. */
export async function writeSampleRun(
  folder: string,
  run: Run,
  attempts: readonly (SampleAttempt | SamplePlainAttempt)[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RUN_FILES.run), JSON.stringify(run));
  for (const { folder: path, evidence, verdict } of attempts) {
    const place = join(folder, path);
    await mkdir(place, { recursive: true });
    await Promise.all([
      writeFile(join(place, ATTEMPT_FILES.plan), JSON.stringify(evidence.plan)),
      writeFile(join(place, ATTEMPT_FILES.events), lines(evidence.records)),
      writeFile(join(place, ATTEMPT_FILES.wire), lines(evidence.wire)),
      writeFile(join(place, ATTEMPT_FILES.faults), JSON.stringify(evidence.receipts)),
      writeFile(join(place, ATTEMPT_FILES.verdict), JSON.stringify(verdict)),
      writeFile(join(place, 'server.log'), 'listening\n'),
      writeFile(join(place, 'client.log'), ''),
    ]);
  }
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
