/**
 * The results that the attempts' folders themselves tell of, where there is no `run.json` to tell them.
 *
 * Owns what an attempt without a verdict comes to, and which attempts are tries of one result.
 */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { ATTEMPT_FILES } from './folder.ts';
import { planFrameSchema } from './plan.ts';
import type { PlanFrame } from './plan.ts';
import { EvidenceError, readJson } from './read-evidence.ts';
import type { Result } from './run.ts';
import { verdictSchema } from './verdict.ts';

const MOST_ATTEMPTS = 5_000;

interface Salvaged {
  readonly results: Result[];
  /** As the plans have it; null: there is no plan. */
  readonly seed: string | null;
  /** Attempts that cannot be told of, a sentence each. */
  readonly problems: string[];
}

interface Attempt {
  readonly plan: PlanFrame;
  readonly repetition: number;
  readonly number: number;
  readonly tried: Result['attempts'][number];
  readonly more: Pick<Result, 'unknownReason' | 'encounters'>;
}

/** Reads what the attempts of a run folder left. */
export async function salvage(folder: string): Promise<Salvaged> {
  const entries = await readdir(join(folder, 'scenarios'), { recursive: true }).catch(() => []);
  const plans = entries.filter((entry) => entry.endsWith(`${sep}${ATTEMPT_FILES.plan}`)).sort();
  const problems: string[] = [];
  const read = await Promise.all(
    plans.slice(0, MOST_ATTEMPTS).map(async (entry) => {
      const path = ['scenarios', ...entry.split(sep).slice(0, -1)].join('/');
      return attemptIn(folder, path).catch((error: unknown) => {
        if (!(error instanceof EvidenceError)) throw error;
        problems.push(error.message.replaceAll(join(folder, sep), ''));
        return null;
      });
    }),
  );
  const attempts = read.filter((each) => each !== null);
  const tries = Map.groupBy(attempts, ({ tried, repetition }) => `${parentOf(tried.evidence)} ${repetition}`);
  const results = [...tries.values()].map(resultOf);
  return { results, seed: attempts[0]?.plan.seed ?? null, problems: problems.sort() };
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
  const [, repetition = '1', number = '1'] = /^(?:(\d+)\.)?(\d+)$/.exec(path.split('/').at(-1) ?? '') ?? [];
  return {
    plan,
    repetition: Number(repetition),
    number: Number(number),
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

/** The last try is the one that counts. */
function resultOf(unordered: readonly Attempt[]): Result {
  const tries = unordered.toSorted((a, b) => a.number - b.number);
  const last = tries.at(-1);
  if (last === undefined) throw new Error('a result of no attempt');
  const { scenario, claim, cell, proxy, server, client, variant, waitsMs } = last.plan;
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
