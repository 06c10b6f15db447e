/**
 * `junit.xml` as those read it who take it: by an XML parser that is not ours, and by the rules of Jenkins, GitLab and GitHub's
 * actions.
 *
 * Jenkins' format knows these elements and attributes alone, and a name is a class and a name in it; GitLab drops the second of
 * two tests with one class and name; the actions for GitHub add up what the suites say.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import type { Mutants } from '../evidence/mutants.ts';
import type { Result } from '../evidence/run.ts';
import { VERDICTS } from '../evidence/verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { renderJunit } from './junit.ts';
import { sampleAttempt } from './sample/attempt.ts';
import { sampleRun } from './sample/run.ts';

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
}

/** Prints the tree of the document that is its argument; Python's parser refuses what is not well formed. */
const PARSER = `
import json, sys, xml.etree.ElementTree as tree
told = lambda e: {'tag': e.tag, 'attributes': e.attrib, 'text': e.text or '', 'children': [told(child) for child in e]}
print(json.dumps(told(tree.fromstring(sys.argv[1].encode()))))
`;

async function parsed(xml: string): Promise<Element> {
  const { stdout } = await promisify(execFile)('python3', ['-c', PARSER, xml]);
  return JSON.parse(stdout) as Element;
}

/** What each element may have: attributes that must be there, those that may, and children. */
const FORMAT: Readonly<Record<string, { must: readonly string[]; may?: readonly string[]; holds: readonly string[] }>> =
  {
    testsuites: { must: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'], holds: ['testsuite'] },
    testsuite: {
      must: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
      may: ['timestamp'],
      holds: ['testcase'],
    },
    testcase: {
      must: ['name', 'classname', 'time'],
      holds: ['properties', 'failure', 'error', 'skipped', 'system-out'],
    },
    properties: { must: [], holds: ['property'] },
    property: { must: ['name', 'value'], holds: [] },
    failure: { must: ['type', 'message'], holds: [] },
    error: { must: ['type', 'message'], holds: [] },
    skipped: { must: ['message'], holds: [] },
    'system-out': { must: [], holds: [] },
  };

/** What is not of the format, a line each. */
function strangeIn({ tag, attributes, children }: Element): string[] {
  const { must, may = [], holds } = FORMAT[tag] ?? { must: [], holds: [] };
  return [
    ...must.filter((name) => (attributes[name] ?? '') === '').map((name) => `${tag} lacks ${name}`),
    ...Object.keys(attributes)
      .filter((name) => !must.includes(name) && !may.includes(name))
      .map((name) => `${tag} has ${name}`),
    ...children.filter((child) => !holds.includes(child.tag)).map((child) => `${tag} holds ${child.tag}`),
    ...children.flatMap(strangeIn),
  ];
}

const all = (tag: string, { children }: Element): Element[] =>
  children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...all(tag, child)]);

const kindOf = ({ children }: Element): string[] =>
  children.map(({ tag }) => tag).filter((tag) => ['failure', 'error', 'skipped'].includes(tag));

/** What an element says of the tests in it, and what is so. */
function counts(element: Element): [said: unknown, found: unknown] {
  const { tests, failures, errors, skipped } = element.attributes;
  const cases = all('testcase', element);
  const number = (kind: string): string => String(cases.filter((each) => kindOf(each).includes(kind)).length);
  return [
    { tests, failures, errors, skipped },
    { tests: String(cases.length), failures: number('failure'), errors: number('error'), skipped: number('skipped') },
  ];
}

const result = (verdict: VerdictWord, more: Partial<Result> = {}): Result => ({
  ...sampleAttempt({ scenario: 'framing/whole', claim: 'a message is whole', verdict, reason: 'it is so' }).result,
  ...more,
});

const ODD = 'a \u0000\u001b\ufffe\ud800 <b>]]> & "q" \'a\' \r\n\t -- ü 😀';

const trial = { scenario: 'a/one', bug: 'torn', expected: 'kill', role: 'both', verdict: 'fail', reason: 'x' } as const;
const bug = { class: 'B05', bug: ODD, violates: 'HOWTO', publicCase: 'a/b#1' };
const mutants: Mutants = {
  bugs: [
    { ...bug, name: 'torn' },
    { ...bug, name: 'not-met' },
  ],
  classes: [{ id: 'B05', title: 'torn messages' }],
  claims: { 'a/one': ['torn'] },
  trials: [{ ...trial, control: 'pass' }],
  survivors: [],
  outOfClass: ['torn'],
  unnamed: [],
  idle: ['a/one'],
  broken: ['a/one was to kill torn'],
  whole: true,
  gaps: [],
};

const every = VERDICTS.map((verdict) => result(verdict, { scenario: `framing/${verdict}` }));
const RUNS: Readonly<Record<string, () => string>> = {
  'every verdict': () => renderJunit(recordOf(every)),
  'one case again and again': () => {
    const same = result('pass');
    return renderJunit(recordOf([same, same, { ...same, repetition: 2 }, { ...same, variant: 'control' }, same]));
  },
  'odd words': () => renderJunit(recordOf([result('fail', { claim: ODD, reason: ODD, scenario: `a/${ODD}` })])),
  'nothing that passed': () => renderJunit({ ...recordOf([]), run: sampleRun([], { exitStatus: 4 }) }),
  'a start that is not known': () => renderJunit({ ...recordOf([]), run: sampleRun(every, { startedAt: 'unknown' }) }),
  'seeded bugs': () => renderJunit({ ...recordOf([]), mutants }),
};

function recordOf(results: readonly Result[]) {
  return { run: sampleRun(results), ended: true, environment: null, mutants: null, problems: [] };
}

test.each(Object.entries(RUNS))('of a run with %s it is what those who take it can read', async (_name, render) => {
  const root = await parsed(render());
  expect(root.tag).toBe('testsuites');
  expect(strangeIn(root)).toEqual([]);
  const cases = all('testcase', root);
  expect(cases.length).toBeGreaterThan(0);
  for (const element of [root, ...all('testsuite', root)]) {
    const [said, found] = counts(element);
    expect(said).toEqual(found);
  }
  const names = cases.map(({ attributes: { classname, name } }) => `${classname}\n${name}`);
  expect(new Set(names).size).toBe(names.length);
  for (const each of cases) expect(kindOf(each).length).toBeLessThan(2);
  for (const { attributes } of [root, ...all('testsuite', root), ...cases])
    expect(attributes['time']).toMatch(/^\d+\.\d{3}$/);
  for (const { attributes } of all('testsuite', root))
    expect(attributes['timestamp'] ?? '2026-11-22T12:00:00').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});

test('a verdict is told apart by its element, and what it leaves is found by its path', async () => {
  const root = await parsed(RUNS['every verdict']?.() ?? '');
  const told = all('testcase', root).map((each) => {
    const verdict = all('property', each).find(({ attributes }) => attributes['name'] === 'verdict');
    return [verdict?.attributes['value'], kindOf(each)[0] ?? 'passed'];
  });
  expect(Object.fromEntries(told)).toEqual({
    pass: 'passed',
    fail: 'failure',
    unknown: 'error',
    'setup-error': 'error',
    interrupted: 'error',
    unsupported: 'skipped',
    'not-run': 'skipped',
  });
  // As GitLab looks for it: a path from the project's root, one a line.
  const attached = all('system-out', root).flatMap(
    ({ text }) => text.match(/^\[\[ATTACHMENT\|[^|\]/][^|\]]*\]\]$/gm) ?? [],
  );
  expect(attached).toHaveLength(every.filter(({ evidence }) => evidence !== null).length);
});

test('words of a subject come to the reader as they were, but for what XML cannot hold', async () => {
  const root = await parsed(RUNS['odd words']?.() ?? '');
  const [failure] = all('failure', root);
  expect(failure?.attributes['message']).toContain('<b>]]> & "q" \'a\'');
  expect(failure?.attributes['message']).toContain('ü 😀');
  expect(failure?.text).toContain('<b>]]> & "q"');
});
