/**
 * A thread that judges answers whatever becomes of it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { judgeAside, JudgeEnded, JudgeThread } from './judge-aside.ts';

const program = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

test('a thread that dies with a question open refuses it, and says that it has ended', async () => {
  const thread = new JudgeThread(
    program(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(7));`),
  );
  await expect(thread.ask('anywhere')).rejects.toThrow(JudgeEnded);
  expect(thread.ended).toBe(true);
});

test('a thread that throws is told with what it threw', async () => {
  const thread = new JudgeThread(program(`throw new Error('no memory left');`));
  await expect(thread.ask('anywhere')).rejects.toThrow('the judge ended before its verdict: no memory left');
});

test('a folder without evidence is refused by name, and the thread judges on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-judge-'));
  await expect(judgeAside(folder)).rejects.toThrow('plan.json cannot be read');
  await expect(judgeAside(folder)).rejects.toThrow('plan.json cannot be read');
  await rm(folder, { recursive: true });
});
