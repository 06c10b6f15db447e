/**
 * `halfopen list`: the scenarios with their claims, faults and needs.
 */
import { loadCatalogue, loadPlainCatalogue } from '../suite/catalogue.ts';
import { needsOf, select } from '../suite/select.ts';
import { count } from '../report/text/quantity.ts';
import { readArguments } from './arguments.ts';
import { Style } from './style.ts';

export async function list(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('list', args, { json: { type: 'boolean' } });
  const entries = select([...(await loadCatalogue()), ...(await loadPlainCatalogue())], positionals);
  const style = new Style(process.stdout);
  for (const entry of entries) {
    const { id, scenario } = entry;
    const needs = needsOf(entry);
    if (values.json === true) {
      console.log(JSON.stringify({ id, ...scenario, needs }));
      continue;
    }
    const faults = kindsOf(scenario.faults) || 'no fault';
    const work = 'workload' in scenario ? scenario.workload : 'plain subjects';
    console.log(
      `${style.paint('bold', id)}  ${style.paint('dim', `${work}, ${faults}${needs.length === 0 ? '' : `, needs ${needs.join(' and ')}`}`)}\n    ${scenario.claim}`,
    );
  }
  return 0;
}

/** `fin × 2,048, reset`: a sweep has as many faults of a kind as it has places. */
function kindsOf(faults: readonly { readonly kind: string }[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([kind, times]) => (times === 1 ? kind : `${kind} × ${count(times)}`)).join(', ');
}
