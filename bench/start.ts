/**
 * What comes first of all: `npm start`, from the command to the named report, as somebody new would type it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Row } from './row.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_MS = 15_000;

export async function runStartBench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-bench-'));
  try {
    const startedAt = performance.now();
    const child = spawn('npm', ['start', '--', '--report', folder], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [status] = (await once(child, 'close')) as [number | null];
    const value = performance.now() - startedAt;
    return [
      { measure: 'npm start', value, unit: 'ms', asked: `at most ${MOST_MS}`, kept: value <= MOST_MS },
      { measure: 'npm start, status', value: status ?? NaN, unit: '', asked: '0', kept: status === 0 },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
