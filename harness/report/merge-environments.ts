/**
 * Where the parts of a merged run took place: what they have in common once, and what differs for each of them.
 *
 * Pure, and the same in whatever order the parts come. Reading and writing `environment.json` is `merge-reports.ts`.
 */
import type { Run } from '../evidence/run.ts';
import { compare } from './cases.ts';
import { MergeError, named } from './merge.ts';

type Part = NonNullable<Run['parts']>[number];
type Facts = Readonly<Record<string, unknown>>;

/** `environment.json` of a merged run, beside the facts that all parts have in common. */
interface Differing {
  /** In the order of the run's own parts. */
  readonly parts: readonly { readonly run: string; readonly differs: Facts | null }[];
}

/** One run with its `environment.json`, whatever that holds. */
interface Placed {
  readonly run: Run;
  readonly environment: unknown;
}

/** The environment of a merged run; null where nothing is known of any part. */
export function mergedEnvironment(merged: Run, sources: readonly Placed[]): (Facts & Differing) | null {
  const known = new Map<string, Facts>();
  const found = sources.flatMap(placesOf).map((place) => ({ ...place, text: JSON.stringify(place.facts) }));
  for (const { part, facts } of found.toSorted((a, b) => compare(a.text, b.text))) known.set(keyOf(part), facts);
  const parts = merged.parts ?? [];
  const factsOf = parts.map((part) => known.get(keyOf(part)) ?? null);
  const [first, ...others] = factsOf.filter((facts) => facts !== null);
  if (first === undefined) return null;
  const inCommon = (key: string): boolean =>
    others.every((facts) => JSON.stringify(facts[key]) === JSON.stringify(first[key]));
  const common = Object.fromEntries(Object.entries(first).filter(([key]) => inCommon(key)));
  const own = (facts: Facts): Facts => Object.fromEntries(Object.entries(facts).filter(([key]) => !(key in common)));
  return {
    ...common,
    parts: parts.map(({ run }, index) => {
      const facts = factsOf[index] ?? null;
      return { run, differs: facts === null ? null : own(facts) };
    }),
  };
}

/** What says which Halfopen made a run, as a sentence calls it. */
const PRODUCT = { halfopen: 'version', commit: 'commit' } as const;

/**
 * Another version may plan and judge otherwise.
 *
 * @throws {MergeError} where two of the runs are known to be of different ones
 */
export function demandOneProduct(sources: readonly Placed[]): void {
  const places = sources.flatMap(placesOf);
  for (const [key, word] of Object.entries(PRODUCT)) {
    const known = places.flatMap(({ part: { run }, facts: { [key]: which } }) =>
      typeof which === 'string' ? [{ run: named(run), which: named(which) }] : [],
    );
    const [first] = known;
    const stranger = known.find(({ which }) => which !== first?.which);
    if (first === undefined || stranger === undefined) continue;
    throw new MergeError(
      `${first.run} is of Halfopen's ${word} ${first.which} and ${stranger.run} of ${stranger.which}: merge runs of one ${word}`,
    );
  }
}

/** What differs for each part of a merged run, and what they have in common; null where it is no merged run's. */
export function partedEnvironment(
  environment: unknown,
): { readonly common: Facts; readonly differ: readonly (Facts | null)[] } | null {
  if (!isFacts(environment)) return null;
  const { parts, ...common } = environment;
  if (!Array.isArray(parts)) return null;
  return {
    common,
    differ: parts.map((part: unknown) => (isFacts(part) && isFacts(part['differs']) ? part['differs'] : null)),
  };
}

function placesOf({ run, environment }: Placed): { part: Part; facts: Facts }[] {
  if (run.parts === undefined) return isFacts(environment) ? [{ part: run, facts: environment }] : [];
  const parted = partedEnvironment(environment);
  if (parted === null) return [];
  return run.parts.flatMap((part, index) => {
    const differs = parted.differ[index] ?? null;
    return differs === null ? [] : [{ part, facts: { ...parted.common, ...differs } }];
  });
}

function keyOf({ run, shard, exitStatus }: Part): string {
  return JSON.stringify([run, shard, exitStatus]);
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
