/**
 * A run's failures as annotations of a GitHub job: lines that its runner takes from the output.
 *
 * GitHub shows ten a step and drops the rest in silence, so they are chosen: the most urgent first, each scenario once
 * before any a second time; what finds no room is counted. Format: docs.github.com, "Workflow commands".
 */
import type { Run } from '../evidence/run.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { casesOf, controlWords, urgentCases } from './cases.ts';
import type { Case } from './cases.ts';
import { lineOrWord, reproducer } from './reproduce.ts';
import type { Reproducer } from './reproduce.ts';
import { counted } from './text/quantity.ts';
import { visibleText } from './text/visible-text.ts';

const MOST_ANNOTATIONS = 10;
const MOST_CHARACTERS = 1_000;

/** What proves nothing is no broken claim. */
const LEVELS: Partial<Record<VerdictWord, 'error' | 'warning'>> = { fail: 'error', 'setup-error': 'error' };

/** At most ten lines; none where nothing needs a reader. */
export function annotations(run: Run): string[] {
  const urgent = chosenFirst(urgentCases(casesOf(run)));
  const room = urgent.length > MOST_ANNOTATIONS ? MOST_ANNOTATIONS - 1 : MOST_ANNOTATIONS;
  const again = reproducer(run);
  const lines = urgent.slice(0, room).map((each) => annotation(each, again));
  const left = urgent.length - lines.length;
  if (left === 0) return lines;
  return [...lines, command('notice', 'Halfopen', `${counted(left, 'more case')} that did not pass: see the report`)];
}

/** Each scenario's first case, then the others; both in the order they come. */
function chosenFirst(cases: readonly Case[]): Case[] {
  const first = new Set(new Map(cases.toReversed().map((each) => [each.scenario, each])).values());
  return [...cases.filter((each) => first.has(each)), ...cases.filter((each) => !first.has(each))];
}

function annotation(each: Case, again: Reproducer): string {
  const { verdict, claim, client, server, decisive } = each;
  const title = `${verdict}: ${claim} [${client} → ${server}${controlWords(each)}]`;
  const message = `${visibleText(decisive.reason, MOST_CHARACTERS)}\n${lineOrWord(again(decisive))}`;
  return command(LEVELS[verdict] ?? 'warning', title, message);
}

function command(level: 'error' | 'warning' | 'notice', title: string, message: string): string {
  return `::${level} title=${escapeProperty(visibleText(title, MOST_CHARACTERS))}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
