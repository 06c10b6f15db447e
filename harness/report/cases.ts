/**
 * The cases of a run: what the report gives one cell of the matrix and one page each.
 *
 * A case is a scenario with its place and its pair; its results are the fault and the control variant and each
 * repetition. Owns grouping, ids and the verdict of a case.
 */
import type { Result, Run } from '../evidence/run.ts';
import { VERDICTS } from '../evidence/verdict.ts';
import type { VerdictWord } from '../evidence/verdict.ts';
import { VERDICTS_BY_URGENCY } from './text/verdict-word.ts';

export interface Case {
  /** Anchor in the document, and the way a deep link names it. */
  readonly id: string;
  readonly scenario: string;
  readonly claim: string;
  readonly place: string;
  readonly cell: Result['cell'];
  readonly proxy: Result['proxy'];
  readonly server: string;
  readonly client: string;
  /** The first of its results' verdicts in the order of DESIGN, Verdicts. */
  readonly verdict: VerdictWord;
  /** The result that explains the verdict. */
  readonly decisive: Result;
  /** Faults before controls, then by repetition. */
  readonly results: readonly Result[];
}

/** A column of the matrix: a pair in a place. */
export interface Column {
  readonly id: string;
  readonly place: string;
  readonly server: string;
  readonly client: string;
}

/** The run's cases, by scenario, place and pair. */
export function casesOf(run: Run): Case[] {
  const groups = new Map<string, Result[]>();
  for (const result of run.results) {
    const id = caseId(result);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [result]);
    else group.push(result);
  }
  return [...groups].map(([id, results]) => caseOf(id, results)).sort((a, b) => compare(a.id, b.id));
}

/** The columns that the cases need, by place, then client, then server. */
export function columnsOf(cases: readonly Case[]): Column[] {
  const columns = new Map<string, Column>();
  for (const each of cases) {
    const id = columnId(each);
    columns.set(id, { id, place: each.place, server: each.server, client: each.client });
  }
  return [...columns.values()].sort(
    (a, b) => compare(a.place, b.place) || compare(a.client, b.client) || compare(a.server, b.server),
  );
}

/** Beside a pair: that what decided had its faults left out. */
export function controlWords({ decisive }: Pick<Case, 'decisive'>): string {
  return decisive.variant === 'control' ? ', control' : '';
}

/** The column a case stands in. */
export function columnId(of: Pick<Case, 'place' | 'server' | 'client'>): string {
  return `${of.place}/${of.server}+${of.client}`;
}

/** Of several verdicts the one that counts. */
export function strongest(words: readonly VerdictWord[]): VerdictWord {
  return VERDICTS.find((word) => words.includes(word)) ?? 'not-run';
}

/** The part of a scenario's id before its last word: the behaviour it belongs to. */
export function behaviourOf(scenario: string): string {
  const end = scenario.lastIndexOf('/');
  return end === -1 ? 'other' : scenario.slice(0, end);
}

const WORTH_A_CARD: ReadonlySet<VerdictWord> = new Set(['fail', 'setup-error', 'unknown', 'interrupted']);

/** The cases that need a reader, the most urgent first. */
export function urgentCases(cases: readonly Case[]): Case[] {
  return cases
    .filter((each) => WORTH_A_CARD.has(each.verdict))
    .sort((a, b) => VERDICTS_BY_URGENCY.indexOf(a.verdict) - VERDICTS_BY_URGENCY.indexOf(b.verdict));
}

/** The results that took more than one attempt, with their case. */
export function triedAgain(cases: readonly Case[]): { readonly of: Case; readonly result: Result }[] {
  return cases.flatMap((of) =>
    of.results.filter(({ attempts }) => attempts.length > 1).map((result) => ({ of, result })),
  );
}

/** Text order that is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function caseOf(id: string, unordered: readonly Result[]): Case {
  const results = [...unordered].sort((a, b) => compare(b.variant, a.variant) || a.repetition - b.repetition);
  const verdict = strongest(results.map((result) => result.verdict));
  const decisive = results.find((result) => result.verdict === verdict);
  if (decisive === undefined) throw new Error(`case ${id} has no result`);
  const { scenario, claim, cell, proxy, server, client } = decisive;
  return { id, scenario, claim, place: `${cell}-${proxy}`, cell, proxy, server, client, verdict, decisive, results };
}

/** The id of the case that a result is of. Every character that means something in a URL's hash or a selector is spelled by its number. */
export function caseId(result: Pick<Result, 'scenario' | 'cell' | 'proxy' | 'server' | 'client'>): string {
  const text = `${result.scenario}/${result.cell}-${result.proxy}/${result.server}+${result.client}`;
  return text.slice(0, 400).replace(/[^\w/+.-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}`);
}
