import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

const HALFOPEN = fileURLToPath(new URL('halfopen.js', import.meta.url));

test('what a subject that crashed logged last is told with its failure', async () => {
  const reports = await mkdtemp(join(tmpdir(), 'halfopen-crash-'));
  onTestFinished(() => rm(reports, { recursive: true }));
  const pair = ['--server', 'reset-crashes-the-process', '--client', 'node'];
  const args = [HALFOPEN, 'run', 'a-message-cut-by-rst-is-a-reset', ...pair, '--report', reports];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^ {4}log {7}of the server, its end: .*\/server\.log\n(?: {14}│ .*\n)* {14}│ *code: 'ECONNRESET'/mu,
  );
});
