/**
 * `junit.xml`, as GitLab, Jenkins and GitHub's consumers read it.
 *
 * A suite is a scenario; a test is one result, and its name says the pair, since GitLab drops a second test of the same
 * name. `fail` is a failure; `unknown`, `setup-error` and `interrupted` are errors; `unsupported` and `not-run` are skipped.
 */
import type { Result } from '../evidence/run.ts';
import { compare } from './cases.ts';
import { reproduceLine } from './reproduce.ts';
import type { RunRecord } from './run-folder.ts';
import { xml } from './text/markup.ts';
import type { Markup } from './text/markup.ts';
import { visibleText } from './text/visible-text.ts';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

const OUTCOMES: Readonly<Record<Result['verdict'], Outcome>> = {
  pass: 'passed',
  fail: 'failure',
  unknown: 'error',
  'setup-error': 'error',
  interrupted: 'error',
  unsupported: 'skipped',
  'not-run': 'skipped',
};

const MOST_CHARACTERS = 4_000;

export function renderJunit({ run }: RunRecord): string {
  const scenarios = [...Map.groupBy(run.results, (result) => result.scenario)].sort(([a], [b]) => compare(a, b));
  const suites = scenarios.map(([scenario, results]) => suite(scenario, results, run));
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${shown(run.run)}" ${totals(run.results)} time="${seconds(run.durationMs)}">
${suites}</testsuites>
`.text;
}

function suite(scenario: string, results: readonly Result[], run: RunRecord['run']): Markup {
  const tookMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  const names = new Set<string>();
  const startedAt = run.startedAt.replace(/\.\d+Z$|Z$/, '');
  return xml`<testsuite name="${shown(scenario)}" ${totals(results)} time="${seconds(tookMs)}" timestamp="${shown(startedAt)}">
${results.map((result) => testcase(result, uniqueName(result, names), run.seed))}</testsuite>
`;
}

function totals(results: readonly Result[]): Markup {
  const number = (outcome: Outcome): number => results.filter(({ verdict }) => OUTCOMES[verdict] === outcome).length;
  return xml`tests="${results.length}" failures="${number('failure')}" errors="${number('error')}" skipped="${number('skipped')}"`;
}

function uniqueName(result: Result, taken: Set<string>): string {
  const variant = result.variant === 'control' ? ', control' : '';
  const repetition = result.repetition === 1 ? '' : `, repetition ${result.repetition}`;
  const base = `${result.claim} [${result.client} → ${result.server}, ${result.cell} ${result.proxy}${variant}${repetition}]`;
  let name = base;
  for (let copy = 2; taken.has(name); copy += 1) name = `${base} #${copy}`;
  taken.add(name);
  return name;
}

function testcase(result: Result, name: string, seed: string): Markup {
  const line = reproduceLine(result, seed);
  const attachment = result.evidence === null ? '' : `\n[[ATTACHMENT|${result.evidence}/verdict.json]]`;
  const properties = { verdict: result.verdict, seed, attempts: String(result.attempts.length), reproduce: line };
  return xml`<testcase name="${shown(name)}" classname="${shown(result.scenario.replaceAll('/', '.'))}" time="${seconds(result.durationMs)}">
<properties>${Object.entries(properties).map(([key, value]) => xml`<property name="${key}" value="${shown(value)}"/>`)}</properties>
${outcomeElement(result, line)}<system-out>${shown(`${line}${attachment}`)}</system-out>
</testcase>
`;
}

function outcomeElement(result: Result, line: string): Markup | null {
  const message = shown(result.reason);
  const body = shown(`${result.claim}\n${result.reason}\n${line}`);
  const outcome = OUTCOMES[result.verdict];
  if (outcome === 'passed') return null;
  if (outcome === 'failure')
    return xml`<failure type="${result.verdict}" message="${message}">${body}</failure>
`;
  if (outcome === 'skipped')
    return xml`<skipped message="${result.verdict}: ${message}"/>
`;
  return xml`<error type="${result.unknownReason ?? result.verdict}" message="${message}">${body}</error>
`;
}

/** XML 1.0 cannot carry control characters at all: they are pictured. */
function shown(text: string): string {
  return visibleText(text, MOST_CHARACTERS).replace(/[\ufffe\uffff]/g, '\ufffd');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
