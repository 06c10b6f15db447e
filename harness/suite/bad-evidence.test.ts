/**
 * Evidence that is not what an attempt left: from the file to the verdict it is a named error, or unknown, never a pass.
 */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ATTEMPT_FILES } from '../evidence/folder.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { cleanExchange } from '../judge/history.ts';
import { judge } from '../judge/judge.ts';

const run = promisify(execFile);

let folder: string;
const at = (file: keyof typeof ATTEMPT_FILES): string => join(folder, ATTEMPT_FILES[file]);
const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halfopen-bad-evidence-'));
  const { plan, records, wire, receipts } = cleanExchange().evidence();
  await writeFile(at('plan'), JSON.stringify(plan));
  await writeFile(at('events'), lines(records));
  await writeFile(at('wire'), lines(wire));
  await writeFile(at('faults'), JSON.stringify(receipts));
});

afterEach(() => rm(folder, { recursive: true }));

const verdict = async () => judge(await readEvidence(folder));

async function change(file: 'events' | 'wire', how: (all: string[]) => string[]): Promise<void> {
  const all = (await readFile(at(file), 'utf8')).split('\n').filter(Boolean);
  await writeFile(at(file), `${how(all).join('\n')}\n`);
}

test('as it was left it passes, so that what follows is the damage’s doing', async () => {
  expect((await verdict()).verdict).toBe('pass');
});

test.each(['events', 'wire'] as const)('%s cut off in the middle of a line proves nothing', async (file) => {
  const text = await readFile(at(file), 'utf8');
  await writeFile(at(file), text.slice(0, -9));
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
});

test.each(['events', 'wire'] as const)('%s that lack their end, between two lines, prove nothing', async (file) => {
  await change(file, (all) => all.slice(0, -1));
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
});

describe('a gigabyte behind the end', { timeout: 60_000 }, () => {
  const GIBIBYTE = 2 ** 30;
  /** Twice what Node and the judge take by themselves; with as much of a file as is read at most it would be more. */
  const MOST_BYTES = 256 * 1024 * 1024;

  /** What getrusage tells begins with the size of the process that started this one; what Linux tells of its memory does not. */
  const MOST_MEMORY = `
      import { readFileSync } from 'node:fs';
      const own = process.platform === 'linux' && /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
      const mostBytes = (own || process.resourceUsage().maxRSS) * 1024;`;

  /** Judges the attempt in a process of its own: what it came to, or the error's name, and the most memory it ever had. */
  async function judgeApart(): Promise<{ came: string; mostBytes: number }> {
    const [reading, judging] = ['../evidence/read-evidence.ts', '../judge/judge.ts'].map((path) =>
      JSON.stringify(new URL(path, import.meta.url)),
    );
    const program = `
      import { readEvidence } from ${reading};
      import { judge } from ${judging};
      const came = await readEvidence(process.argv[1]).then(judge).then(
        ({ verdict, unknownReason }) => verdict + ' ' + unknownReason,
        ({ name, code }) => name + ' ' + code,
      );
      ${MOST_MEMORY}
      console.log(JSON.stringify({ came, mostBytes }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program, folder]);
    return v.parse(v.object({ came: v.string(), mostBytes: v.number() }), JSON.parse(stdout));
  }

  test.each([
    ['events', 'unknown evidence-incomplete'],
    ['wire', 'unknown evidence-incomplete'],
    ['faults', 'unknown evidence-incomplete'],
    ['plan', 'EvidenceError evidence-unreadable'],
  ] as const)('of %s is read in bounded memory and never passes', async (name, came) => {
    const file = await open(at(name), 'r+');
    await file.truncate(GIBIBYTE);
    await file.close();
    const judged = await judgeApart();
    expect(judged.came).toBe(came);
    expect(judged.mostBytes).toBeLessThan(MOST_BYTES);
  });
});

test('records out of order, as if clocks ran backwards, prove nothing', async () => {
  await change('events', (all) => {
    const [first = '', ...rest] = all;
    const last = rest.pop() ?? '';
    return [first, ...rest.toReversed(), last];
  });
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
});

test('lines that a subject did not write are its own fault: nothing tells that they were lost', async () => {
  await change('events', (all) => all.filter((line) => !line.includes('"sending"')));
  expect(await verdict()).toMatchObject({ verdict: 'fail', reason: expect.stringMatching(/^contract: .*sending/) });
});

test('a record of another version proves nothing, a plan of another version is an error with its name', async () => {
  await appendFile(at('events'), '{"kind":"from-the-future","atMs":1}\n');
  expect(await verdict()).toMatchObject({ verdict: 'unknown', unknownReason: 'evidence-incomplete' });
  await writeFile(at('plan'), '{"schema":2}');
  await expect(readEvidence(folder)).rejects.toMatchObject({ name: 'EvidenceError', code: 'evidence-unreadable' });
});
