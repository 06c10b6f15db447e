/**
 * `halfopen list`: the scenarios with their claims.
 */
import { loadCatalogue, loadPlainCatalogue } from '../suite/catalogue.ts';
import { select } from '../suite/job.ts';
import { readArguments } from './arguments.ts';
import { Style } from './style.ts';

export async function list(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('list', args, { json: { type: 'boolean' } });
  const entries = select([...(await loadCatalogue()), ...(await loadPlainCatalogue())], positionals);
  const style = new Style(process.stdout);
  for (const { id, scenario } of entries) {
    if (values.json === true) {
      console.log(JSON.stringify({ id, ...scenario }));
      continue;
    }
    const faults = scenario.faults.map(({ kind }) => kind).join(', ') || 'no fault';
    const work = 'workload' in scenario ? scenario.workload : 'plain subjects';
    console.log(`${style.paint('bold', id)}  ${style.paint('dim', `${work}, ${faults}`)}\n    ${scenario.claim}`);
  }
  return 0;
}
