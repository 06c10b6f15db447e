/**
 * A run as values in, its page as text out.
 *
 * Owns which attempts a case shows and in which order. Attempts are asked for one case at a time, and a case is handed on
 * as it is done, so that of a run of any length neither the evidence nor the page is ever in memory as a whole.
 */
import { mutantProblems } from '../evidence/mutants.ts';
import type { Result } from '../evidence/run.ts';
import { casesOf } from './cases.ts';
import type { Case } from './cases.ts';
import type { RunDiff } from './diff.ts';
import { casePage } from './page/case-page.ts';
import type { Tried } from './page/case-page.ts';
import { partedEnvironment } from './merge-environments.ts';
import { killMatrix } from './mutants.ts';
import { attention } from './page/attention.ts';
import { attemptName } from './page/attempts-table.ts';
import { changePart } from './page/change-part.ts';
import { detectionPart } from './page/detection-part.ts';
import { killPart } from './page/kill-part.ts';
import { partsPart } from './page/parts-part.ts';
import { pageFoot, pageHead } from './page/index-page.ts';
import type { Assets } from './page/index-page.ts';
import type { AttemptRecord, RunRecord } from './run-folder.ts';

/** Attempts of one case that are shown with their evidence; the table of attempts lists them all. */
const MOST_ATTEMPTS_SHOWN = 12;

/** Cases whose evidence is in memory at a time: the next are read while one is drawn. */
const CASES_AHEAD = 8;

/** Gives the attempt in a folder, or null where there is none. */
export type AttemptReader = (folder: string) => Promise<AttemptRecord | null>;

/** Renders a case; several may be asked for at a time. */
export type CaseRenderer = (each: Case) => Promise<string>;

/**
 * Renders one case from its attempts.
 *
 * @param line runs it again
 * @param environment `environment.json`, whatever it holds; null: there is none
 */
export async function renderCase(
  each: Case,
  line: string,
  read: AttemptReader,
  environment: unknown = null,
): Promise<string> {
  return casePage(each, await triedOf(each, read), line, environment).text;
}

/**
 * Renders `index.html`, piece by piece: no more of it is in memory than a few cases.
 *
 * @param render called for a few cases at a time
 * @param changes since an earlier run; null: there is none to compare with
 */
export async function* renderIndex(
  record: RunRecord,
  render: CaseRenderer,
  assets: Assets,
  changes: RunDiff | null = null,
): AsyncGenerator<string> {
  const cases = casesOf(record.run);
  const { mutants } = record;
  const urgent =
    mutants === null ? attention(cases) : killPart(killMatrix(record.run, mutants), mutantProblems(mutants));
  const first = [urgent, changes === null ? null : changePart(changes)].filter((part) => part !== null);
  const { parts } = record.run;
  const overview = [
    detectionPart(record.run.detection ?? [], cases),
    parts === undefined ? null : partsPart(parts, partedEnvironment(record.environment)?.differ ?? []),
  ].filter((part) => part !== null);
  yield pageHead({ record, cases, first, overview }, assets);
  yield* renderAhead(cases, render);
  yield pageFoot(assets);
}

/** The cases in order, the next few being rendered while one is waited for. */
async function* renderAhead(cases: readonly Case[], render: CaseRenderer): AsyncGenerator<string> {
  const ahead: Promise<string>[] = [];
  for (const index of cases.keys()) {
    for (const each of cases.slice(index + ahead.length, index + CASES_AHEAD)) {
      const rendering = render(each);
      // Awaited in its turn; until then a failure has nowhere to go.
      rendering.catch(() => undefined);
      ahead.push(rendering);
    }
    const page = await ahead.shift();
    if (page !== undefined) yield page;
  }
}

/** The attempts that can be shown: that of the deciding result first, then the other variants, then what was tried again. */
async function triedOf(each: Case, read: AttemptReader): Promise<Tried[]> {
  const results = [each.decisive, ...each.results.filter((result) => result !== each.decisive)];
  const wanted = results.filter(isToldApart).flatMap(wantedOf);
  wanted.sort((a, b) => Number(b.counts) - Number(a.counts));
  const tried: Tried[] = [];
  for (const { folder, ...rest } of wanted.slice(0, MOST_ATTEMPTS_SHOWN)) {
    const record = await read(folder);
    if (record !== null) tried.push({ ...rest, record });
  }
  return tried;
}

/** Repetitions that pass say what the first of them said: they are rows of the table of attempts. */
function isToldApart(result: Result, index: number, results: readonly Result[]): boolean {
  if (result.verdict !== 'pass') return true;
  return index === results.findIndex(({ verdict, variant }) => verdict === 'pass' && variant === result.variant);
}

function wantedOf(result: Result): (Omit<Tried, 'record'> & { folder: string })[] {
  const attempts = result.attempts.map(({ evidence }, index) => ({
    result,
    folder: evidence,
    name: attemptName(result, index),
    counts: evidence === result.evidence,
  }));
  if (attempts.length > 0 || result.evidence === null) return attempts;
  return [{ result, folder: result.evidence, name: attemptName(result, 0), counts: true }];
}
