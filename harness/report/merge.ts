/**
 * Several runs as one: the shards of a suite, in any order, any of them twice.
 *
 * Pure. A shard lists what belongs to the others as `not-run`, so that one that never came shows as `not-run`, not as a
 * smaller matrix. Files belong to `merge-reports.ts`.
 */
import { countVerdicts } from '../evidence/counts.ts';
import { detectionTable } from '../evidence/detection.ts';
import type { Result, Run } from '../evidence/run.ts';
import { missingResults, runVerdict } from '../evidence/run-verdict.ts';
import { VERDICTS } from '../evidence/verdict.ts';
import { compare } from './cases.ts';
import { visibleLine } from './text/visible-text.ts';

const MOST_OF_A_NAME = 100;

/** Runs that do not belong together. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
  readonly code = 'runs-differ';
}

/**
 * Merges runs of one seed.
 *
 * @param runs at least one
 * @throws {MergeError} where their seeds or their kernel's clocks differ: their plans then differ as well
 */
export function mergeRuns(runs: readonly Run[]): Run {
  const ordered = runs.map(withOrigins).sort((a, b) => compare(a.startedAt, b.startedAt) || compare(a.run, b.run));
  const [first] = ordered;
  if (first === undefined) throw new MergeError('no run to merge was given');
  const stranger = ordered.find(({ seed }) => seed !== first.seed);
  if (stranger !== undefined) {
    throw new MergeError(
      `${named(first.run)} has seed ${named(first.seed)} and ${named(stranger.run)} has seed ${named(stranger.seed)}: merge runs of one seed`,
    );
  }
  const results = new Map<string, Result>();
  for (const result of ordered.flatMap((run) => run.results)) {
    const key = keyOf(result);
    const known = results.get(key);
    if (known !== undefined && known.kernel !== result.kernel) throw otherClocks(result);
    results.set(key, known === undefined ? result : decisive(known, result));
  }
  const merged = [...results].sort(([a], [b]) => compare(a, b)).map(([, result]) => result);
  const parts = partsOf(ordered);
  return {
    schema: 1,
    run: first.run,
    seed: first.seed,
    startedAt: first.startedAt,
    durationMs: Math.max(...ordered.map(({ durationMs }) => durationMs)),
    exitStatus: runVerdict({ results: merged, parts }, 'itself').exitStatus,
    parts,
    command: first.command,
    counts: countVerdicts(merged),
    results: merged,
    detection: detectionTable(merged),
  };
}

function otherClocks({ scenario }: Result): MergeError {
  return new MergeError(`${named(scenario)} stands in them with different --kernel: merge runs of one`);
}

/** The run with the name of its part in each result that has none; those that were not run are of no part. */
export function withOrigins(run: Run): Run {
  const part = { run: run.run, ...(run.shard === undefined ? {} : { shard: run.shard }) };
  const results = run.results.map((result) =>
    result.part !== undefined || result.attempts.length === 0 ? result : { ...result, part },
  );
  return { ...run, results };
}

/** A word of a stored file, fit for a sentence. */
export function named(text: string): string {
  return visibleLine(text, MOST_OF_A_NAME);
}

function keyOf({ scenario, cell, proxy, server, client, variant, repetition }: Result): string {
  return JSON.stringify([scenario, cell, proxy, server, client, variant, repetition]);
}

/** Whatever ran counts before what did not, and of what did not, its own shard's reason; of two that ran, the stronger verdict, then the first by its text. */
function decisive(a: Result, b: Result): Result {
  const [rankA, rankB] = [VERDICTS.indexOf(a.verdict), VERDICTS.indexOf(b.verdict)];
  if (rankA !== rankB) return rankA < rankB ? a : b;
  const [missing, ...others] = missingResults({ results: [a, b] });
  if (missing !== undefined && others.length === 0) return missing === a ? b : a;
  return compare(JSON.stringify(a), JSON.stringify(b)) <= 0 ? a : b;
}

/** The runs that were run themselves: what was put together before falls into its parts, so that the order does not matter. */
function partsOf(runs: readonly Run[]): NonNullable<Run['parts']> {
  const parts = runs.flatMap(({ run, shard, exitStatus, problem, startedAt, durationMs, command, parts: own }) => {
    const whole = {
      run,
      exitStatus,
      startedAt,
      durationMs,
      command,
      ...(shard === undefined ? {} : { shard }),
      ...(problem === undefined ? {} : { problem }),
    };
    return own ?? [whole];
  });
  const byText = new Map(parts.map((part) => [JSON.stringify([part.run, part.shard, part.exitStatus]), part]));
  return [...byText].sort(([a], [b]) => compare(a, b)).map(([, part]) => part);
}
