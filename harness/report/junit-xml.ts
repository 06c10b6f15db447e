/**
 * Tests as JUnit's XML, as GitLab, Jenkins and GitHub's consumers read it.
 *
 * Owns names that no two tests share, since GitLab drops a second test of the same name; counts; and what XML cannot hold.
 */
import type { Run } from '../evidence/run.ts';
import { xml } from './text/markup.ts';
import type { Markup } from './text/markup.ts';
import { visibleText } from './text/visible-text.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string; readonly body: string };

export interface Test {
  readonly name: string;
  readonly className: string;
  readonly tookMs: number;
  readonly outcome: Outcome;
  readonly properties: Readonly<Record<string, string>>;
  /** What stands in `system-out`. */
  readonly out: string;
}

export interface Suite {
  readonly name: string;
  readonly tests: readonly Test[];
}

const MOST_CHARACTERS = 4_000;
/** Of what holds the line that runs a test again: that is whole, and more than its texts stand around it. */
const MOST_AROUND_LINE = 24_000;

export function junitXml(run: Run, suites: readonly Suite[]): string {
  const tests = suites.flatMap((suite) => suite.tests);
  const startedAt = run.startedAt.replace(/\.\d+Z$|Z$/, '');
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${shown(run.run)}" ${totals(tests)} time="${seconds(run.durationMs)}">
${suites.map((suite) => suiteElement(suite, startedAt))}</testsuites>
`.text;
}

function suiteElement({ name, tests }: Suite, startedAt: string): Markup {
  const tookMs = tests.reduce((sum, test) => sum + test.tookMs, 0);
  const names = new Set<string>();
  return xml`<testsuite name="${shown(name)}" ${totals(tests)} time="${seconds(tookMs)}"${timestamp(startedAt)}>
${tests.map((test) => testElement(test, uniqueName(test.name, names)))}</testsuite>
`;
}

/** Nothing where it is not known: what is no time would make the file invalid. */
function timestamp(startedAt: string): Markup | null {
  return Number.isNaN(Date.parse(startedAt)) ? null : xml` timestamp="${shown(startedAt)}"`;
}

function totals(tests: readonly Test[]): Markup {
  const number = (kind: Outcome['kind']): number => tests.filter(({ outcome }) => outcome.kind === kind).length;
  return xml`tests="${tests.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
}

function uniqueName(base: string, taken: Set<string>): string {
  let name = base;
  for (let copy = 2; taken.has(name); copy += 1) name = `${base} #${copy}`;
  taken.add(name);
  return name;
}

function testElement({ className, tookMs, outcome, properties, out }: Test, name: string): Markup {
  const pairs = Object.entries(properties);
  return xml`<testcase name="${shown(name)}" classname="${shown(className)}" time="${seconds(tookMs)}">
${
  pairs.length > 0 &&
  xml`<properties>${pairs.map(([key, value]) => xml`<property name="${key}" value="${shown(value, MOST_AROUND_LINE)}"/>`)}</properties>
`
}${outcomeElement(outcome)}<system-out>${shown(out, MOST_AROUND_LINE)}</system-out>
</testcase>
`;
}

function outcomeElement(outcome: Outcome): Markup | null {
  if (outcome.kind === 'passed') return null;
  const message = shown(outcome.message);
  if (outcome.kind === 'skipped')
    return xml`<skipped message="${message}"/>
`;
  const { kind, type, body } = outcome;
  return xml`<${kind} type="${type}" message="${message}">${shown(body, MOST_AROUND_LINE)}</${kind}>
`;
}

/** XML 1.0 cannot carry control characters at all: they are pictured. */
function shown(text: string, limit: number = MOST_CHARACTERS): string {
  return visibleText(text, limit).replace(/[\ufffe\uffff]/g, '\ufffd');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
