/**
 * The results that the attempts' folders themselves tell of, where there is no `run.json` to tell them.
 *
 * Owns what an attempt without a verdict or a plan comes to, and which attempts are tries of one result.
 */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

import * as v from 'valibot';

import { ATTEMPT_FILES } from './folder.ts';
import { planFrameSchema } from './plan.ts';
import type { PlanFrame } from './plan.ts';
import { EvidenceError, readJson } from './read-evidence.ts';
import type { Result } from './run.ts';
import { verdictSchema } from './verdict.ts';

const MOST_ATTEMPTS = 5_000;

/** As `attemptFolder` makes it. */
const PLACE = /^scenarios\/(.+)\/([a-z]+)-([a-z]+)\/([^/+]+)\+([^/]+)\/([a-z]+)\/(?:\d+\.)?\d+$/;

const placeSchema = v.object({
  scenario: v.string(),
  cell: planFrameSchema.entries.cell,
  proxy: planFrameSchema.entries.proxy,
  server: v.string(),
  client: v.string(),
  variant: planFrameSchema.entries.variant,
});

interface Salvaged {
  readonly results: Result[];
  /** As the plans have it; null: there is no plan. */
  readonly seed: string | null;
  /** Attempts that cannot be told of, a sentence each. */
  readonly problems: string[];
}

/** What of a plan says whose attempt it is. */
type Whose = Pick<PlanFrame, 'scenario' | 'claim' | 'cell' | 'proxy' | 'server' | 'client' | 'variant' | 'waitsMs'>;

interface Attempt {
  readonly whose: Whose;
  /** Null: the plan cannot be read, and the attempt's place tells whose it is. */
  readonly seed: string | null;
  readonly repetition: number;
  readonly number: number;
  readonly tried: Result['attempts'][number];
  readonly more: Pick<Result, 'unknownReason' | 'encounters'>;
}

/** Reads what the attempts of a run folder left. */
export async function salvage(folder: string): Promise<Salvaged> {
  const entries = await readdir(join(folder, 'scenarios'), { recursive: true }).catch(() => []);
  const files = new Set<string>(Object.values(ATTEMPT_FILES));
  const inAttempt = entries.map((entry) => entry.split(sep)).filter((parts) => files.has(parts.at(-1) ?? ''));
  const paths = [...new Set(inAttempt.map((parts) => ['scenarios', ...parts.slice(0, -1)].join('/')))].sort();
  const problems: string[] = [];
  const read = await Promise.all(
    paths.slice(0, MOST_ATTEMPTS).map((path) =>
      attemptIn(folder, path).catch((error: unknown) => {
        if (!(error instanceof EvidenceError)) throw error;
        const problem = error.message.replaceAll(join(folder, sep), '');
        problems.push(problem);
        return attemptAt(path, problem);
      }),
    ),
  );
  const attempts = read.filter((each) => each !== null);
  const tries = Map.groupBy(attempts, ({ tried, repetition }) => `${parentOf(tried.evidence)} ${repetition}`);
  const results = [...tries.values()].map(resultOf);
  return { results, seed: attempts.find(({ seed }) => seed !== null)?.seed ?? null, problems: problems.sort() };
}

/** The seed of the first of these attempts whose plan can be read; null: of none. */
export async function seedAmong(folder: string, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const plan = await readJson(join(folder, path, ATTEMPT_FILES.plan), planFrameSchema).catch(() => null);
    if (plan !== null) return plan.seed;
  }
  return null;
}

async function attemptIn(folder: string, path: string): Promise<Attempt> {
  const plan = await readJson(join(folder, path, ATTEMPT_FILES.plan), planFrameSchema);
  const judged = await readJson(join(folder, path, ATTEMPT_FILES.verdict), verdictSchema).catch(() => null);
  return {
    whose: plan,
    seed: plan.seed,
    ...numbersOf(path),
    tried: {
      verdict: judged?.verdict ?? 'interrupted',
      reason: judged?.reason ?? 'the run ended before this attempt was judged',
      evidence: path,
      durationMs: 0,
    },
    more: {
      unknownReason: judged?.unknownReason ?? null,
      ...(judged?.encounters === undefined ? {} : { encounters: judged.encounters }),
    },
  };
}

/** An attempt whose plan cannot be read, told by its place; null: that is no attempt's. */
function attemptAt(path: string, problem: string): Attempt | null {
  const [, scenario = '', cell = '', proxy = '', server = '', client = '', variant = ''] = PLACE.exec(path) ?? [];
  const place = v.safeParse(placeSchema, { scenario, cell, proxy, server, client, variant });
  if (!place.success) return null;
  const reason = `its evidence cannot be read: ${problem.replaceAll(`${path}/`, '')}`;
  return {
    whose: { ...place.output, claim: scenario, waitsMs: 0 },
    seed: null,
    ...numbersOf(path),
    tried: { verdict: 'unknown', reason, evidence: path, durationMs: 0 },
    more: { unknownReason: 'evidence-incomplete' },
  };
}

/** `4` is the fourth try, `2.4` that of the second repetition. */
function numbersOf(path: string): Pick<Attempt, 'repetition' | 'number'> {
  const [, repetition = '1', number = '1'] = /^(?:(\d+)\.)?(\d+)$/.exec(path.split('/').at(-1) ?? '') ?? [];
  return { repetition: Number(repetition), number: Number(number) };
}

/** The last try is the one that counts. */
function resultOf(unordered: readonly Attempt[]): Result {
  const tries = unordered.toSorted((a, b) => a.number - b.number);
  const last = tries.at(-1);
  if (last === undefined) throw new Error('a result of no attempt');
  const { scenario, cell, proxy, server, client, variant } = last.whose;
  const { claim, waitsMs } = (tries.find(({ seed }) => seed !== null) ?? last).whose;
  const of = { scenario, claim, cell, proxy, server, client, variant, waitsMs };
  const { verdict, reason, evidence } = last.tried;
  return {
    ...of,
    verdict,
    reason,
    evidence,
    repetition: last.repetition,
    attempts: tries.map(({ tried }) => tried),
    durationMs: 0,
    ...last.more,
  };
}

function parentOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
