import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun, writeSampleRun } from './sample/run.ts';
import { writeReport } from './write-report.ts';

const silent = sampleAttempt({
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
});
const clean = sampleAttempt({ scenario: 'framing/clean', claim: 'a clean exchange is clean', client: 'python' });

async function runFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'halfopen-report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeSampleRun(folder, sampleRun([silent.result, clean.result]), [silent, clean]);
  return folder;
}

/** The page's text, tags left out. */
async function pageText(folder: string): Promise<string> {
  const { index } = await writeReport(folder);
  const page = await readFile(index, 'utf8');
  return page.replace(/<style>.*?<\/style>|<script.*?<\/script>/gs, '').replace(/<[^>]*>/g, ' ');
}

describe('a run folder', () => {
  test('gets a page, a JUnit file and a summary', async () => {
    const folder = await runFolder();
    const text = await pageText(folder);
    expect(text).toContain('Every claim held');
    expect(text).toContain('a silent server is noticed');
    expect(text).toContain('npx halfopen run dead-peer/silent-server --server node --client node --seed 7');
    expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain(
      'tests="2" failures="0" errors="0" skipped="0"',
    );
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('2 cases: 2 pass');
  });

  test('renders to the same bytes every time', async () => {
    const folder = await runFolder();
    const { index } = await writeReport(folder);
    const first = await readFile(index);
    await writeReport(folder);
    expect((await readFile(index)).equals(first)).toBe(true);
  });

  test('without its run.json is told from the attempts, as interrupted', async () => {
    const folder = await runFolder();
    await rm(join(folder, 'run.json'));
    const text = await pageText(folder);
    expect(text).toContain('Interrupted: 2 cases judged');
    expect(text).toContain('run.json cannot be used');
    expect(text).toContain('a clean exchange is clean');
  });

  test('with half a run.json is told from the attempts, as interrupted', async () => {
    const folder = await runFolder();
    const whole = await readFile(join(folder, 'run.json'), 'utf8');
    await writeFile(join(folder, 'run.json'), whole.slice(0, whole.length / 2));
    expect(await pageText(folder)).toContain('Interrupted: 2 cases judged');
  });

  test('with a run.json that is JSON and no run is told from the attempts, and says why', async () => {
    const folder = await runFolder();
    await writeFile(join(folder, 'run.json'), '[]');
    const text = await pageText(folder);
    expect(text).toContain('Interrupted: 2 cases judged');
    expect(text).toContain('run.json cannot be used (it is JSON, but no run)');
  });

  test.each(['run.json', 'its seed'])(
    'without %s has the seed of its plans in every line that runs a case again',
    async (what) => {
      const folder = await runFolder();
      const path = join(folder, 'run.json');
      const { seed: _, ...rest } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
      await (what === 'run.json' ? rm(path) : writeFile(path, JSON.stringify(rest)));
      const text = await pageText(folder);
      expect(text).toContain('npx halfopen run dead-peer/silent-server --server node --client node --seed 7');
      expect(text).not.toContain('--seed unknown');
    },
  );

  test('without its run.json tells of an attempt whose plan cannot be read, and of the others', async () => {
    const folder = await runFolder();
    await rm(join(folder, 'run.json'));
    await writeFile(join(folder, silent.folder, 'plan.json'), '{"schema":');
    const text = await pageText(folder);
    expect(text).toMatch(/1\s+unknown\s+1\s+pass\s+of 2 cases/);
    expect(text).toContain('its evidence cannot be read: plan.json cannot be read');
    expect(text).toContain(`${silent.folder}/plan.json cannot be read`);
  });

  test('with a mutants.json that cannot be read says that its fails may be hoped for', async () => {
    const folder = await runFolder();
    expect(await pageText(folder)).not.toContain('mutants.json');
    await writeFile(join(folder, 'mutants.json'), '{"bugs": [');
    const text = await pageText(folder);
    expect(text).toMatch(/mutants\.json cannot be read: .*; a fail of this run may be that of a seeded bug/);
    expect(text).not.toContain(folder);
  });

  test('with one result that cannot be read shows the others, and says so', async () => {
    const folder = await runFolder();
    const run = { ...sampleRun([silent.result]), results: [{ ...clean.result, verdict: 'splendid' }, silent.result] };
    await writeFile(join(folder, 'run.json'), JSON.stringify(run));
    const text = await pageText(folder);
    expect(text).toContain('result 1 of run.json');
    expect(text).toContain('a silent server is noticed');
  });

  test('shows an attempt whose events are cut off as far as they go', async () => {
    const folder = await runFolder();
    const events = join(folder, silent.folder, 'events.jsonl');
    await writeFile(events, (await readFile(events, 'utf8')).slice(0, 900));
    const text = await pageText(folder);
    expect(text).toContain('Not all of this attempt');
    expect(text).toMatch(/events\.jsonl, line \d+: not JSON/);
    expect(text).not.toContain(folder);
  });

  test('shows an attempt of which nothing is left but its folder', async () => {
    const folder = await runFolder();
    for (const name of ['plan.json', 'events.jsonl', 'wire.jsonl', 'faults.json', 'verdict.json']) {
      await rm(join(folder, silent.folder, name));
    }
    expect(await pageText(folder)).toContain('a silent server is noticed');
  });

  test('shows the end of a long log, and says how much of it is left out', async () => {
    const folder = await runFolder();
    await writeFile(join(folder, clean.folder, 'server.log'), `${'x'.repeat(9000)}the end`);
    expect(await pageText(folder)).toMatch(
      /Log of the\s+server, its end \(815 bytes before it left out\)[\s\S]*the end/,
    );
  });

  test('never reads what lies outside it', async () => {
    const folder = await runFolder();
    const result = { ...silent.result, evidence: '../../etc', attempts: [] };
    await writeFile(join(folder, 'run.json'), JSON.stringify(sampleRun([result])));
    expect(await pageText(folder)).toMatch(/No evidence of this case is in the run folder|result 1 of run\.json/);
  });

  test('that is still going on is marked so', async () => {
    const folder = await runFolder();
    await writeFile(join(folder, 'run.json'), JSON.stringify(sampleRun([silent.result], { exitStatus: null })));
    expect(await pageText(folder)).toContain('Interrupted: 1 case judged');
  });

  test('is left as it was when the rendering is called off', async () => {
    const folder = await runFolder();
    await expect(writeReport(folder, AbortSignal.abort(new Error('called off')))).rejects.toThrow('called off');
    await expect(readFile(join(folder, 'index.html'))).rejects.toThrow('ENOENT');
  });
});

describe('the page', () => {
  test('forbids itself the network, and allows only its own style and script', async () => {
    const { index } = await writeReport(await runFolder());
    const page = await readFile(index, 'utf8');
    expect(page).toMatch(
      /content="default-src &#39;none&#39;; style-src &#39;sha256-[^ ]+; script-src &#39;sha256-[^ ]+ &#39;sha256-[^ ]+; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
    );
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page).not.toMatch(/ style="/);
    expect(page).not.toMatch(/ on[a-z]+="/);
  });

  test('lets nothing of a subject become markup', async () => {
    const folder = await runFolder();
    const evil = '</script><img src=x onerror=alert(1)>\u001b[31m';
    await writeFile(join(folder, silent.folder, 'client.log'), evil);
    const result = { ...silent.result, reason: evil, claim: evil, client: evil };
    await writeFile(join(folder, 'run.json'), JSON.stringify(sampleRun([result])));
    const { index } = await writeReport(folder);
    const page = await readFile(index, 'utf8');
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u001b');
    expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;␛[31m');
  });
});
