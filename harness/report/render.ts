/**
 * A run as values in, its page as text out.
 *
 * Owns which attempts a case shows and in which order. Attempts are asked for one case at a time, so that a run of any
 * length never has all its evidence in memory.
 */
import type { Run } from '../evidence/run.ts';
import { casesOf } from './cases.ts';
import type { Case } from './cases.ts';
import { casePage } from './page/case-page.ts';
import type { Tried } from './page/case-page.ts';
import { killMatrix } from './mutants.ts';
import { detectionPart, encountersOf } from './page/detection-part.ts';
import type { Encounter } from './page/detection-part.ts';
import { killPart } from './page/kill-part.ts';
import { indexPage } from './page/index-page.ts';
import type { Assets } from './page/index-page.ts';
import type { AttemptRecord, RunRecord } from './run-folder.ts';
import type { Markup } from './text/markup.ts';

/** Attempts of one case that are shown with their evidence; the table of attempts lists them all. */
const MOST_ATTEMPTS_SHOWN = 12;

/** Cases whose evidence is in memory at a time. */
const CASES_AHEAD = 6;

/** Gives the attempt in a folder, or null where there is none. */
export type AttemptReader = (folder: string) => Promise<AttemptRecord | null>;

/**
 * Renders `index.html`.
 *
 * @param read called for a few cases at a time
 */
export async function renderIndex(record: RunRecord, read: AttemptReader, assets: Assets): Promise<string> {
  const cases = casesOf(record.run);
  const casePages: Markup[] = [];
  const encounters: Encounter[] = [];
  const faults = new Map<string, readonly string[]>();
  for await (const { each, tried } of readAhead(cases, read)) {
    faults.set(each.id, faultKinds(tried));
    encounters.push(
      ...tried.slice(0, 1).flatMap(({ record: { evidence } }) => (evidence === null ? [] : encountersOf(evidence))),
    );
    casePages.push(casePage(each, tried, record.run.seed));
  }
  const faultsOf = (id: string): readonly string[] => faults.get(id) ?? [];
  const { mutants } = record;
  const killed = mutants === null ? null : killPart(killMatrix(record.run, mutants));
  const overview = [detectionPart(encounters), killed].filter((part) => part !== null);
  return indexPage({ record, cases, faultsOf, overview, casePages }, assets);
}

/** The cases with their attempts, the next few being read while one is rendered. */
async function* readAhead(cases: readonly Case[], read: AttemptReader): AsyncGenerator<{ each: Case; tried: Tried[] }> {
  const reading = new Map<Case, Promise<Tried[]>>();
  let next = 0;
  for (const each of cases) {
    for (; next < cases.length && reading.size < CASES_AHEAD; next += 1) {
      const ahead = cases[next];
      if (ahead === undefined) break;
      const tried = triedOf(ahead, read);
      // Awaited in its turn; until then a failure has nowhere to go.
      tried.catch(() => undefined);
      reading.set(ahead, tried);
    }
    const tried = await (reading.get(each) ?? triedOf(each, read));
    reading.delete(each);
    yield { each, tried };
  }
}

/** The attempts that can be shown: that of the deciding result first, then the other variants, then what was tried again. */
async function triedOf(each: Case, read: AttemptReader): Promise<Tried[]> {
  const wanted = [each.decisive, ...each.results.filter((result) => result !== each.decisive)].flatMap(wantedOf);
  wanted.sort((a, b) => Number(b.counts) - Number(a.counts));
  const tried: Tried[] = [];
  for (const { folder, ...rest } of wanted.slice(0, MOST_ATTEMPTS_SHOWN)) {
    const record = await read(folder);
    if (record !== null) tried.push({ ...rest, record });
  }
  return tried;
}

function wantedOf(result: Run['results'][number]): (Omit<Tried, 'record'> & { folder: string })[] {
  const name = result.repetition === 1 ? result.variant : `${result.variant}, repetition ${result.repetition}`;
  const attempts = result.attempts.map(({ evidence }, index) => ({
    result,
    folder: evidence,
    name: result.attempts.length === 1 ? name : `${name}, attempt ${index + 1}`,
    counts: evidence === result.evidence,
  }));
  if (attempts.length > 0 || result.evidence === null) return attempts;
  return [{ result, folder: result.evidence, name, counts: true }];
}

function faultKinds(tried: readonly Tried[]): string[] {
  return [
    ...new Set(tried.flatMap(({ record }) => record.evidence?.plan.faults.map((fault) => fault.kind) ?? [])),
  ].sort();
}
