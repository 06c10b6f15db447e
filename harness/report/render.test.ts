import { text } from 'node:stream/consumers';

import { describe, expect, test } from 'vitest';

import { casesOf } from './cases.ts';
import type { Case } from './cases.ts';
import { renderCase, renderIndex } from './render.ts';
import type { AttemptReader, CaseRenderer } from './render.ts';
import type { AttemptRecord, RunRecord } from './run-folder.ts';
import { sampleAttempt } from './sample/attempt.ts';
import type { SampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

const silent = sampleAttempt({
  scenario: 'dead-peer/silent-server',
  claim: 'a silent server is noticed',
  fault: { kind: 'swallow' },
  echoes: 4,
  failure: { code: 'timeout', afterMs: 1003 },
  verdict: 'fail',
  reason: 'it took too long',
  checks: [{ outcome: 'fail', measured: { valueMs: 1043, atLeastMs: 1000, atMostMs: 1020 }, atMs: 300 }, {}],
});
const clean = sampleAttempt({ scenario: 'framing/clean', claim: 'a clean exchange is clean' });

const record: RunRecord = {
  run: sampleRun([silent.result, clean.result]),
  ended: true,
  environment: { node: 'v24', cores: 2 },
  mutants: null,
  problems: [],
};
const recordOf = ({ folder, evidence, verdict }: SampleAttempt): AttemptRecord => ({
  folder,
  evidence,
  verdict,
  logs: { server: null, client: null },
  problems: [],
});
const attempts = new Map([silent, clean].map((each) => [each.folder, recordOf(each)]));
const from =
  (read: AttemptReader): CaseRenderer =>
  (each) =>
    renderCase(each, record.run.seed, read);
const assets = { css: '', script: '' };
const whole = async (...how: Parameters<typeof renderIndex>): Promise<string> => text(renderIndex(...how));

/** Headings, captions and first cells, indented by what they stand in. */
function outline(page: string): string[] {
  const pattern = /<(h1|h2|figcaption|summary)\b[^>]*>([\s\S]*?)<\/\1>/g;
  return [...page.matchAll(pattern)].map(([, tag, inner = '']) => {
    const told = inner
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return `${tag} ${told}`;
  });
}

const words = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

function decided(...samples: SampleAttempt[]): Case {
  const [each] = casesOf(sampleRun(samples.map(({ result }) => result)));
  if (each === undefined) throw new Error('no case');
  return each;
}

describe('the page', () => {
  test('names at its top each verdict that came on a later attempt', async () => {
    const [last, ...others] = record.run.results;
    if (last === undefined) throw new Error('no result');
    const first = { verdict: 'unknown' as const, reason: 'the host stalled', evidence: 'x/1', durationMs: 3 };
    const results = [{ ...last, attempts: [first, ...last.attempts] }, ...others];
    const render = from(async (folder) => attempts.get(folder) ?? null);
    const page = await whole({ ...record, run: { ...record.run, results } }, render, assets);
    expect(page).toContain('1 verdict came on a later attempt');
    expect(page.replaceAll(/\s+/g, ' ')).toContain(`: ${last.verdict} on attempt 2`);
    expect(await whole(record, render, assets)).not.toContain('later attempt');
  });

  test('has this structure', async () => {
    const page = await whole(
      record,
      from(async (folder) => attempts.get(folder) ?? null),
      assets,
    );
    expect(outline(page)).toEqual([
      'h1 1 claim broken',
      'h2 Look here first',
      'h2 Every claim, every pair',
      'h2 How long a death goes unnoticed',
      'h2 Where it ran',
      'h1 a silent server is noticed',
      'h2 What happened',
      'figcaption to the server to the client end of a stream failure a claim broke fault asked acknowledged first effect in force silence, drawn shorter than it was',
      'summary 70 events as a table',
      'h2 Claims',
      'summary 1 held, 0 not checked',
      'h2 Faults',
      'h2 What it came to',
      'h2 Byte by byte',
      'figcaption Connection 1, server → client 5 messages sent: 4 complete, 1 missing',
      'figcaption Connection 1, client → server 5 messages sent: 5 complete',
      'h2 Plan',
      'h2 Logs',
      'h1 a clean exchange is clean',
      'h2 What happened',
      'figcaption to the server to the client end of a stream failure silence, drawn shorter than it was',
      'summary 104 events as a table',
      'h2 Claims',
      'h2 Faults',
      'h2 What it came to',
      'h2 Byte by byte',
      'figcaption Connection 1, client → server 8 messages sent: 8 complete',
      'figcaption Connection 1, server → client 8 messages sent: 8 complete',
      'h2 Plan',
      'h2 Logs',
    ]);
  });

  test('leads only to what is there: each cell, attempt and instant without a script', async () => {
    const page = await whole(
      record,
      from(async (folder) => attempts.get(folder) ?? null),
      assets,
    );
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id = '']) => id);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
    const cells = [...page.matchAll(/<td data-column="[^"]*">\s*(<a\s)?/g)];
    expect(cells.map(([, link]) => link !== undefined)).toEqual([true, true]);
  });

  test('tells of a failure first what was expected and what happened, and leads to the instant', async () => {
    const page = await from(async (folder) => attempts.get(folder) ?? null)(decided(silent));
    const [head = ''] = /<dl class="breach v-fail">[\s\S]*?<\/dl>/.exec(page) ?? [];
    expect(words(head)).toMatch(
      /^Expected a prefix of 8 messages .* Happened 8 messages .* in order \( was due by 300.0 ms \) Breaks integrity : /,
    );
    expect(head).toContain('href="#dead-peer/silent-server/local-wire/node+node:1" data-at="300.000"');
    expect(page).toContain('id="dead-peer/silent-server/local-wire/node+node:1"');
  });

  test('has a control beside the fault, figure under figure', async () => {
    const control = sampleAttempt({ scenario: 'dead-peer/silent-server', claim: 'c', variant: 'control' });
    const both = new Map([silent, control].map((each) => [each.folder, recordOf(each)]));
    const page = await renderCase(decided(silent, control), '7', async (folder) => both.get(folder) ?? null);
    const [, body = ''] = /<table class="numbers attempts stacks">[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page) ?? [];
    const rows = body.split('</tr>').map(words);
    expect(rows[0]).toMatch(/^fault fail [\d.]+ m?s timeout no failure 5 of 5 4 of 5 it took too long$/);
    expect(rows[1]).toMatch(/^control pass [\d.]+ m?s no failure no failure 8 of 8 8 of 8 /);
    expect(body).toContain('href="#dead-peer/silent-server/local-wire/node+node:2"');
  });

  test('draws fault and control, named both, on one axis: an instant lies at the same place in each', async () => {
    const control = sampleAttempt({ scenario: 'dead-peer/silent-server', claim: 'c', variant: 'control' });
    const both = new Map([silent, control].map((each) => [each.folder, recordOf(each)]));
    const page = await renderCase(decided(silent, control), '7', async (folder) => both.get(folder) ?? null);
    const names = [...page.matchAll(/<(?:p|summary) class="attempt-name">([\s\S]*?)<\/(?:p|summary)>/g)];
    expect(names.map(([, name = '']) => words(name))).toEqual(['fail fault', 'pass control']);
    const pictures = [...page.matchAll(/<svg\s+class="lanes"[\s\S]*?<\/svg>/g)].map(([picture]) => picture);
    const [mine, theirs] = pictures.map((picture) =>
      [...picture.matchAll(/class="tick"\s+x="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, label]) => `${label} at ${x}`),
    );
    expect(mine?.length).toBeGreaterThan(2);
    expect(theirs).toEqual(mine);
    const alone = await renderCase(decided(control), '7', async () => recordOf(control));
    expect(alone).not.toContain('attempt-name');
  });

  test('tells of each fault when it was asked for, acknowledged and delivered, and by what proof', async () => {
    const page = await whole(
      record,
      from(async (folder) => attempts.get(folder) ?? null),
      assets,
    );
    const table = /<table class="faults stacks">([\s\S]*?)<\/table>/
      .exec(page)?.[1]
      ?.replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(table).toMatch(
      /f1 swallow at byte 4,112 \(server → client\), armed before connect [\d.]+ ms POST .* [\d.]+ ms 200 OK [\d.]+ ms 1 × self 1 effect of f1, the first at byte 4112 downstream stayed/,
    );
  });

  test('tells of each fault how it was noticed and which messages it cost', async () => {
    const page = await from(async (folder) => attempts.get(folder) ?? null)(decided(silent));
    const [, table = ''] = /aria-label="Detection and recovery">([\s\S]*?)<\/table>/.exec(page) ?? [];
    expect(words(table)).toMatch(/Not received whole Received again f1 swallow .* timeout .* 1 1 to the client 0$/);
  });

  test('is drawn without an attempt that cannot be', async () => {
    // Stands for whatever a later version may find in evidence of an earlier one.
    const broken = { ...recordOf(silent), evidence: { ...silent.evidence, wire: null } } as unknown as AttemptRecord;
    const page = await whole(
      record,
      from(async (folder) => (folder === silent.folder ? broken : recordOf(clean))),
      assets,
    );
    expect(page).toContain('a clean exchange is clean');
    expect(outline(page)).toContain('summary 104 events as a table');
    expect(page).toMatch(/This attempt could not be drawn \(.*\)\. Its evidence is in\s+scenarios\/dead-peer/);
  });

  test('is made as it is taken: of a long run a few cases at a time are in memory', async () => {
    const results = Array.from({ length: 40 }, (_, index) => ({ ...clean.result, scenario: `framing/clean-${index}` }));
    let begun = 0;
    const render: CaseRenderer = async ({ scenario }) => {
      begun += 1;
      return scenario;
    };
    const pieces = renderIndex({ ...record, run: sampleRun(results) }, render, assets);
    expect((await pieces.next()).value).toContain('Every claim, every pair');
    expect(begun, 'the overview waits for no case').toBe(0);
    const ahead: number[] = [];
    for (let taken = 1; taken <= 40; taken += 1) {
      expect((await pieces.next()).value).toMatch(/^framing\/clean-\d+$/);
      ahead.push(begun - taken);
    }
    expect(Math.max(...ahead)).toBe(7);
  });
});
