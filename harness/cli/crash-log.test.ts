import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { Evidence } from '../evidence/evidence.ts';
import { sampleEvidence } from '../report/sample/attempt.ts';
import { crashLogLines, crashLogs } from './crash-log.ts';

const sound = sampleEvidence({ scenario: 'a/b', claim: 'c' });

/** The same attempt, whose server ended in this way, after a signal of the harness where one is given. */
function ended(
  exit: { status: number | null; signal: string | null },
  why: 'fault' | 'overdue' | null = null,
): Evidence {
  const records = sound.records.flatMap((record): Evidence['records'][number][] => {
    if (record.kind !== 'exited' || record.role !== 'server') return [record];
    const signalled = { kind: 'signalled', role: 'server', signal: 'SIGKILL', atMs: record.atMs } as const;
    return [...(why === null ? [] : [{ ...signalled, why }]), { ...record, ...exit }];
  });
  return { ...sound, records };
}

async function folderWith(log: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'server.log'), log);
  return folder;
}

test('the last five lines of a crash are shown, with nothing in them that a terminal would obey, and their file', async () => {
  const folder = await folderWith('one\ntwo\nthree\nfour\nfive\n  }\n\n\u001b[31msix\n}\n');
  const [log, ...others] = await crashLogs(ended({ status: 1, signal: null }), folder);
  if (log === undefined) throw new Error('there is no log');
  expect(others).toEqual([]);
  expect(crashLogLines(log)).toEqual([
    `    log       of the server, its end: ${folder}/server.log`,
    ...['two', 'three', 'four', 'five', '\\x1b[31msix'].map((line) => `              │ ${line}`),
  ]);
});

test('what a subject logs is never the beginning of a line, where it could be a command of a CI system', async () => {
  const folder = await folderWith('::error::mine\n  ::add-mask::e\n');
  const logs = await crashLogs(ended({ status: 1, signal: null }), folder);
  const [, ...lines] = logs.flatMap(crashLogLines);
  expect(lines.map((line) => line.trimStart())).toEqual(['│ ::error::mine', '│   ::add-mask::e']);
});

test('a crash that logged nothing is told as one', async () => {
  const folder = await folderWith('');
  const logs = await crashLogs(ended({ status: null, signal: 'SIGSEGV' }), folder);
  expect(logs.flatMap(crashLogLines)).toEqual(['    log       the server crashed and logged nothing']);
});

test.each([
  ['ended well', ended({ status: 0, signal: null })],
  ['was killed by a fault', ended({ status: null, signal: 'SIGKILL' }, 'fault')],
  ['was killed by a fault in a container', ended({ status: 137, signal: null }, 'fault')],
  ['was killed for being overdue', ended({ status: null, signal: 'SIGKILL' }, 'overdue')],
])('what %s is no crash', async (_title, evidence) => {
  expect(await crashLogs(evidence, '/nowhere')).toEqual([]);
});
