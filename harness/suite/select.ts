/**
 * Which scenarios a command is about: those whose id holds a word, or that have a fault or a need.
 *
 * Owns what a filter may say, and what a scenario needs beside a local cell.
 */
import { whyNotIn } from '../plan/capability.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { suggestion } from './nearest.ts';
import { FlagError } from './usage-error.ts';

/** A scenario of either catalogue. */
interface Selectable {
  readonly id: string;
  readonly scenario: { readonly faults: readonly { readonly kind: string }[] } | Scenario;
}

/** `docker`: no local cell can deliver it · `local`: no other cell can time it · `quiet`: nothing else runs meanwhile. */
export function needsOf({ scenario }: Pick<Selectable, 'scenario'>): string[] {
  if (!('workload' in scenario)) return [];
  const { only, quiet } = scenario;
  const cell = only?.cell ?? (whyNotIn('local', scenario) === null ? null : 'docker');
  return [...(cell === null ? [] : [cell]), ...(quiet ? ['quiet'] : [])];
}

/** What scenarios are chosen by beside their ids and faults. */
export function tagsOf({ scenario }: Pick<Selectable, 'scenario'>): string[] {
  const isBasic = 'basic' in scenario && scenario.basic;
  return [...(isBasic ? ['basic'] : []), ...needsOf({ scenario }).map((need) => `needs:${need}`)];
}

/**
 * Scenarios that any of the filters chooses; all of them where there is none.
 *
 * @throws {UsageError} for a filter that chooses nothing
 */
export function select<Entry extends Selectable>(catalogue: readonly Entry[], filters: readonly string[]): Entry[] {
  if (filters.length === 0) return [...catalogue];
  const chosen = new Set(filters.flatMap((filter) => chosenBy(catalogue, filter)));
  return catalogue.filter((entry) => chosen.has(entry));
}

function chosenBy<Entry extends Selectable>(catalogue: readonly Entry[], filter: string): Entry[] {
  const found = catalogue.filter((entry) => entry.id.includes(filter) || traitsOf(entry).includes(filter));
  if (found.length > 0) return found;
  const problem = `no scenario matches "${filter}".${near(catalogue, filter)} "halfopen list" shows them all.`;
  throw new FlagError('FILTER', problem, problem);
}

/** What stands behind a colon, as in `fault:fin`. */
function traitsOf(entry: Selectable): string[] {
  const faults = new Set(entry.scenario.faults.map(({ kind }) => `fault:${kind}`));
  return [...faults, ...needsOf(entry).map((need) => `needs:${need}`)];
}

function near(catalogue: readonly Selectable[], filter: string): string {
  const traits = [...new Set(catalogue.flatMap(traitsOf))];
  const trait = traits.find((each) => each.endsWith(`:${filter}`));
  if (trait !== undefined) return ` Did you mean "${trait}"?`;
  if (filter.includes(':')) return suggestion(filter, traits);
  const words = catalogue.flatMap(({ id }) => [id, id.slice(id.indexOf('/') + 1)]);
  return suggestion(filter, words);
}
