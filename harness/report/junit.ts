/**
 * `junit.xml` of a run: a suite is a scenario, a test is one result, and its name says the pair.
 *
 * `fail` is a failure; `unknown`, `setup-error` and `interrupted` are errors; `unsupported` and `not-run` are skipped.
 * Where the run is no good one and none of its tests says so, a test of its own does.
 * A run of seeded bugs is another thing, `junit-mutants.ts`; how it is written down is `junit-xml.ts`.
 */
import { posix } from 'node:path';

import { ATTEMPT_FILES } from '../evidence/folder.ts';
import type { Result, Run } from '../evidence/run.ts';
import { storedVerdict } from '../evidence/run-verdict.ts';
import { compare } from './cases.ts';
import { exitWords, headlineOf } from './headline.ts';
import { mutantSuites } from './junit-mutants.ts';
import { junitXml } from './junit-xml.ts';
import type { Outcome, Suite, Test } from './junit-xml.ts';
import { lineOrWord, reproducer } from './reproduce.ts';
import type { Reproducer } from './reproduce.ts';
import type { RunRecord } from './run-folder.ts';

const KINDS: Readonly<Record<Result['verdict'], Outcome['kind']>> = {
  pass: 'passed',
  fail: 'failure',
  unknown: 'error',
  'setup-error': 'error',
  interrupted: 'error',
  unsupported: 'skipped',
  'not-run': 'skipped',
};

/** What a test tells beside its result. */
interface JunitMore {
  /** The run's folder as CI finds it: relative to where the command runs, which is the project's root there. */
  readonly place: string;
  /** Of an attempt's folder every check that decided, a sentence each. */
  readonly decided: ReadonlyMap<string, readonly string[]>;
}

/** Of a claim, and of a reason. */
const MOST_BEFORE_LINE = 4_000;

const NOTHING_MORE: JunitMore = { place: '', decided: new Map() };

export function renderJunit(record: RunRecord, more: JunitMore = NOTHING_MORE): string {
  const { run, mutants } = record;
  const suites =
    mutants === null ? [...scenarioSuites(run, more), ...wholeSuite(record)] : mutantSuites(mutants, run.exitStatus);
  return junitXml(run, suites);
}

function wholeSuite(record: RunRecord): Suite[] {
  const { kind, exitStatus } = storedVerdict(record.run);
  if (exitStatus === 0 || record.run.results.some(({ verdict }) => verdict === kind)) return [];
  const { sentence } = headlineOf(record);
  const body = `${sentence}\n${exitWords(record).meaning}`;
  const outcome = { kind: 'error', type: kind, message: sentence, body } as const;
  const name = 'the run is whole, and something passed';
  return [{ name: 'the run', tests: [{ name, className: 'run', tookMs: 0, outcome, properties: {}, out: '' }] }];
}

function scenarioSuites(run: Run, more: JunitMore): Suite[] {
  const scenarios = [...Map.groupBy(run.results, (result) => result.scenario)].sort(([a], [b]) => compare(a, b));
  const like = { seed: run.seed, again: reproducer(run), more };
  return scenarios.map(([name, results]) => ({ name, tests: results.map((result) => testOf(result, like)) }));
}

/** What all tests of a run have in common. */
interface Like {
  readonly seed: string;
  readonly again: Reproducer;
  readonly more: JunitMore;
}

function testOf(result: Result, { seed, again, more: { place, decided } }: Like): Test {
  const { claim, client, server, cell, proxy, verdict, attempts } = result;
  const variant = result.variant === 'control' ? ', control' : '';
  const repetition = result.repetition === 1 ? '' : `, repetition ${result.repetition}`;
  const line = lineOrWord(again(result));
  return {
    name: `${claim} [${client} → ${server}, ${cell} ${proxy}${variant}${repetition}]`,
    className: result.scenario.replaceAll('/', '.'),
    tookMs: result.durationMs,
    outcome: outcomeOf(result, line, decided.get(result.evidence ?? '') ?? []),
    properties: { verdict, seed, attempts: String(attempts.length), reproduce: line },
    out: [...attachment(result, place), line, ...attemptLines(attempts)].join('\n'),
  };
}

/** The tag by which GitLab and Jenkins find a file. It comes first: some take the first that they find. */
function attachment({ evidence }: Result, place: string): string[] {
  return evidence === null ? [] : [`[[ATTACHMENT|${posix.join(place, evidence)}/${ATTEMPT_FILES.verdict}]]`];
}

/** A line for each attempt, where there was more than one. What a subject said may look like such a tag. */
function attemptLines(attempts: Result['attempts']): string[] {
  if (attempts.length < 2) return [];
  return attempts.map(({ verdict, reason }, index) => {
    const shown = cut(reason).replaceAll(/\[(?=\[ATTACHMENT)/gi, '[ ');
    return `attempt ${index + 1}: ${verdict}: ${shown}`;
  });
}

/** What stands before a line must leave room for it. */
function cut(text: string): string {
  return text.length > MOST_BEFORE_LINE ? `${text.slice(0, MOST_BEFORE_LINE)}…` : text;
}

/** @param decided what the verdict rests on; the first of it is the reason */
function outcomeOf(result: Result, line: string, decided: readonly string[]): Outcome {
  const kind = KINDS[result.verdict];
  const { verdict, reason, claim } = result;
  if (kind === 'passed') return { kind };
  if (kind === 'skipped') return { kind, message: `${verdict}: ${reason}` };
  const others = decided.filter((sentence) => sentence !== reason);
  const body = [cut(claim), cut(reason), line, ...others].join('\n');
  return { kind, type: result.unknownReason ?? verdict, message: reason, body };
}
