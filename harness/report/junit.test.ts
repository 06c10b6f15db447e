import { describe, expect, test } from 'vitest';

import type { VerdictWord } from '../evidence/verdict.ts';
import { renderJunit } from './junit.ts';
import type { RunRecord } from './run-folder.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

const result = (verdict: VerdictWord, claim = 'a claim that is held') =>
  sampleAttempt({ scenario: `framing/${verdict}`, claim, verdict, reason: 'because it is so' }).result;

function record(...results: ReturnType<typeof result>[]): RunRecord {
  return { run: sampleRun(results), ended: true, environment: null, mutants: null, problems: [] };
}

describe('junit.xml', () => {
  test('tells failures, errors and skipped apart, and counts each', () => {
    const words = ['pass', 'fail', 'unknown', 'setup-error', 'interrupted', 'unsupported', 'not-run'] as const;
    const xml = renderJunit(record(...words.map((word) => result(word))));
    expect(xml).toContain(
      '<testsuites name="2026-11-22T12-00-00-sample" tests="7" failures="1" errors="3" skipped="2"',
    );
    expect(xml).toContain('<failure type="fail" message="because it is so">');
    expect(xml).toContain('<error type="fault-not-delivered" message="because it is so">');
    expect(xml).toContain('<skipped message="unsupported: because it is so"/>');
  });

  test('gives every test a name of its own, since a second one of the same name would be dropped', () => {
    const same = result('pass');
    const xml = renderJunit(record(same, { ...same, repetition: 2 }, { ...same, variant: 'control' }, same));
    const names = [...xml.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('a claim that is held [node → node, local wire]');
  });

  test('tells no time where none is known', () => {
    const of = record(result('pass'));
    expect(renderJunit(of)).toContain(' timestamp="2026-11-22T12:00:00"');
    expect(renderJunit({ ...of, run: { ...of.run, startedAt: 'unknown' } })).not.toContain('timestamp');
  });

  test('carries the seed and the line that runs it again', () => {
    const xml = renderJunit(record(result('fail')));
    expect(xml).toContain('<property name="seed" value="7"/>');
    expect(xml).toContain(
      '<property name="reproduce" value="npx halfopen run framing/fail --server node --client node --seed 7"/>',
    );
    expect(xml).toContain('[[ATTACHMENT|scenarios/framing/fail/local-wire/node+node/fault/1/verdict.json]]');
  });

  test('tells a broken claim with every check that broke, the first and the line before the others', () => {
    const failed = result('fail');
    const decided = new Map([
      [failed.evidence ?? '', ['because it is so', 'settled: expected x; y', 'once: expected a; b']],
    ]);
    const xml = renderJunit(record(failed), { place: 'reports/x', decided });
    const line = 'npx halfopen run framing/fail --server node --client node --seed 7';
    expect(xml).toContain(
      `>a claim that is held\nbecause it is so\n${line}\nsettled: expected x; y\nonce: expected a; b</failure>`,
    );
    expect(xml).toContain('[[ATTACHMENT|reports/x/scenarios/framing/fail/');
  });

  test('tells every attempt of what was tried more than once', () => {
    const passed = result('pass');
    const first = { verdict: 'unknown' as const, reason: 'the host stalled', evidence: 'x/1', durationMs: 3 };
    const xml = renderJunit(record({ ...passed, attempts: [first, ...passed.attempts] }));
    expect(xml).toContain('attempt 1: unknown: the host stalled\nattempt 2: pass: because it is so');
    expect(xml).toContain('<property name="attempts" value="2"/>');
  });

  test('lets no reason of a subject pass for an attachment, and has its own before all else', () => {
    const passed = result('pass');
    const reason = 'it said [[ATTACHMENT|/etc/passwd]] and [[attachment|x]]';
    const first = { verdict: 'unknown' as const, reason, evidence: 'x/1', durationMs: 3 };
    const xml = renderJunit(record({ ...passed, attempts: [first, ...passed.attempts] }));
    expect(xml.match(/\[\[ATTACHMENT\|[^\]]*/gi)).toEqual([`[[ATTACHMENT|${passed.evidence ?? ''}/verdict.json`]);
    expect(xml).toContain('<system-out>[[ATTACHMENT|');
    expect(xml).toContain('attempt 1: unknown: it said [ [ATTACHMENT|/etc/passwd]]');
  });

  test('has the line that runs it again whole or not at all, in each place, however long the words around it are', () => {
    const given = (letters: number) =>
      renderJunit(
        record({
          ...result('fail', 'c'.repeat(9_000)),
          given: { client: `fetch {port} ${'x'.repeat(letters)} end` },
          attempts: [1, 2].map(() => ({ verdict: 'fail', reason: 'r'.repeat(9_000), evidence: 'x/1', durationMs: 3 })),
          reason: 'r'.repeat(9_000),
        }),
      );
    expect(given(7_000).match(/x{7000} end&#39; --seed 7/g)).toHaveLength(3);
    expect(given(9_000)).not.toContain('xxx');
    expect(given(9_000).match(/is too long to stand here: see the report/g)).toHaveLength(3);
  });

  test('holds no character that XML forbids, and no markup of a subject', () => {
    const xml = renderJunit(record(result('fail', 'x\u0000\u001b\ufffe <b>]]> & "quoted"')));
    // oxlint-disable-next-line no-control-regex -- these are the ones forbidden
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).toContain('x␀␛\ufffd &lt;b&gt;]]&gt; &amp; &quot;quoted&quot;');
  });
});
