/**
 * `summary.md`: the run for a CI job's page. GitHub takes at most 1 MiB; this stays far below it.
 */
import { mutantProblems } from '../evidence/mutants.ts';
import type { Mutants } from '../evidence/mutants.ts';
import type { Run } from '../evidence/run.ts';
import { casesOf, columnId, controlWords, columnsOf, triedAgain, urgentCases } from './cases.ts';
import type { Case, Column } from './cases.ts';
import { exitWords, headlineOf, tallyOf } from './headline.ts';
import { findsRoom, reproducer, TOO_LONG } from './reproduce.ts';
import type { Reproducer } from './reproduce.ts';
import { casesCounted, rateWords } from './measure/rate.ts';
import type { RunRecord } from './run-folder.ts';
import { code, plain } from './text/markdown.ts';
import { counted, duration } from './text/quantity.ts';
import { VERDICT_FACES, VERDICTS_BY_URGENCY } from './text/verdict-word.ts';

const MOST_ROWS = 200;
const MOST_COLUMNS = 24;
const MOST_FAILURES = 10;
const MOST_RETRIED = 50;
const MOST_RATES = 100;
/** Below what GitHub takes, with room for what says that it was too much. */
const MOST_BYTES = 900 * 1024;

export function renderSummary(record: RunRecord): string {
  const { run, mutants } = record;
  const cases = casesOf(run);
  const { sentence } = headlineOf(record);
  const { status, meaning } = exitWords(record);
  const ended = status === null ? meaning : `exit status ${status}: ${meaning}`;
  return fitting([
    `## Halfopen: ${plain(sentence, 600)}`,
    `${tallyLine(cases, run)} in ${duration(run.durationMs)}, seed ${code(run.seed, 100)}, ${ended}.`,
    ...(mutants === null ? failureParts(cases, reproducer(run)) : mutantParts(mutants)),
    ...matrixLines(cases),
    ...attemptLines(cases),
    ...rateLines(cases),
  ]);
}

/** The parts from the first on that find room. */
function fitting(parts: readonly string[]): string {
  let bytes = 0;
  const room = parts.findIndex((part) => (bytes += Buffer.byteLength(part) + 2) > MOST_BYTES);
  const shown = room === -1 ? parts : [...parts.slice(0, room), 'The rest is too much for this page: see the report'];
  return [...shown, ''].join('\n\n');
}

function mutantParts(mutants: Mutants): string[] {
  const problems = mutantProblems(mutants).map((problem) => `- ${plain(problem, 600)}`);
  const left = problems.length - MOST_ROWS;
  const more = left > 0 ? [`- and ${left} more, in the report`] : [];
  return problems.length === 0 ? [] : [[...problems.slice(0, MOST_ROWS), ...more].join('\n')];
}

function tallyLine(cases: readonly Case[], run: Run): string {
  const tally = tallyOf(cases);
  const parts = VERDICTS_BY_URGENCY.filter((word) => tally.has(word)).map((word) => `${tally.get(word) ?? 0} ${word}`);
  return `${casesCounted(cases, run)}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function failureParts(cases: readonly Case[], again: Reproducer): string[] {
  const urgent = urgentCases(cases);
  const parts = urgent
    .slice(0, MOST_FAILURES)
    .map(
      (each) =>
        `### ${VERDICT_FACES[each.verdict].glyph} ${each.verdict}: ${plain(each.claim, 300)}\n\n` +
        `${plain(each.client, 60)} → ${plain(each.server, 60)}${controlWords(each)}, ${each.cell} cell, ${each.proxy} proxy: ${plain(each.decisive.reason, 600)}\n\n` +
        lineToCopy(again(each.decisive)),
    );
  if (urgent.length > MOST_FAILURES) parts.push(`and ${urgent.length - MOST_FAILURES} more, in the report`);
  return parts;
}

function matrixLines(cases: readonly Case[]): string[] {
  if (cases.length === 0) return [];
  const all = columnsOf(cases);
  const columns = all.length > MOST_COLUMNS ? urgentFirst(all, cases).slice(0, MOST_COLUMNS) : all;
  const rows = [...Map.groupBy(cases, (each) => each.scenario)];
  const lines = [
    `| scenario | ${columns.map(({ client, server, place }) => `${plain(client, 40)} → ${plain(server, 40)}<br>${place}`).join(' | ')} |`,
    `| --- |${' :-: |'.repeat(columns.length)}`,
    ...rows
      .slice(0, MOST_ROWS)
      .map(
        ([scenario, members]) =>
          `| ${plain(scenario, 120)} | ${columns.map((column) => cellText(members, column.id)).join(' | ')} |`,
      ),
  ];
  const left = [
    { more: all.length - MOST_COLUMNS, noun: 'more pair' },
    { more: rows.length - MOST_ROWS, noun: 'more scenario' },
  ].filter(({ more }) => more > 0);
  return [lines.join('\n'), ...left.map(({ more, noun }) => `and ${counted(more, noun)}, in the report`)];
}

/** The columns that need a reader, then the others; both in their order. */
function urgentFirst(columns: readonly Column[], cases: readonly Case[]): Column[] {
  const urgent = new Set(urgentCases(cases).map(columnId));
  return columns.toSorted((one, other) => Number(urgent.has(other.id)) - Number(urgent.has(one.id)));
}

function cellText(cases: readonly Case[], column: string): string {
  const found = cases.find((each) => columnId(each) === column);
  if (found === undefined) return ' ';
  const attempts = Math.max(...found.results.map((result) => result.attempts.length));
  const later = attempts > 1 ? `, attempt ${attempts}` : '';
  const rate = rateWords(found);
  return `${VERDICT_FACES[found.verdict].glyph} ${found.verdict}${controlWords(found)}${later}${rate === null ? '' : `, ${rate.share}`}`;
}

/** Every attempt of what was tried more than once. */
function attemptLines(cases: readonly Case[]): string[] {
  const again = triedAgain(cases);
  if (again.length === 0) return [];
  const lines = again.slice(0, MOST_RETRIED).map(({ of, result }) => {
    const attempts = result.attempts.map(({ verdict, reason }, index) =>
      verdict === 'pass' ? `${index + 1} pass` : `${index + 1} ${verdict} (${plain(reason, 200)})`,
    );
    return `- ${plain(of.scenario, 120)}, ${plain(of.client, 40)} → ${plain(of.server, 40)}: ${attempts.join('; ')}`;
  });
  const more = again.length - MOST_RETRIED;
  return [
    '### Tried more than once',
    [...lines, ...(more > 0 ? [`- and ${more} more, in the report`] : [])].join('\n'),
  ];
}

/** Of a run that repeats: how often each case passed. */
function rateLines(cases: readonly Case[]): string[] {
  const rates = cases.flatMap((each) => {
    const words = rateWords(each);
    return words === null ? [] : [{ each, words }];
  });
  if (rates.length === 0) return [];
  const lines = rates.slice(0, MOST_RATES).map(({ each, words }) => {
    const name = `${plain(each.scenario, 120)}, ${plain(each.client, 40)} → ${plain(each.server, 40)}`;
    return `- ${name}: ${words.share}, ${words.interval}`;
  });
  const more = rates.length - MOST_RATES;
  const rest = more > 0 ? [`- and ${more} more, in the report`] : [];
  return ['### How often each passed', [...lines, ...rest].join('\n')];
}

/** Whole or not at all. */
function lineToCopy(line: string): string {
  return findsRoom(line) ? code(line, line.length) : TOO_LONG;
}
