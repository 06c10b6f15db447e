/**
 * `halfopen explain ID`: the plan of one scenario; nothing is run.
 */
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../evidence/plan.ts';
import { paramsSchema } from '../contract/params.ts';
import { loadCatalogue, loadPlainCatalogue } from '../suite/catalogue.ts';
import type { PlainEntry } from '../suite/catalogue.ts';
import { describeExpectation, describeSeen } from '../report/page/expectation-words.ts';
import { describeFaults } from '../report/page/sweep-words.ts';
import { suggestion, suggestionByWords } from '../suite/nearest.ts';
import { UsageError } from '../suite/usage-error.ts';
import * as v from 'valibot';
import { readArguments } from './arguments.ts';

export async function explain(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('explain', args, {
    seed: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0)
    throw new UsageError('explain takes one scenario id; "halfopen list" shows them all');
  const plainCatalogue = await loadPlainCatalogue();
  const plain = findEntry(plainCatalogue, id);
  if (plain !== undefined) {
    console.log(values.json === true ? JSON.stringify(plain, null, 2) : plainText(plain));
    return 0;
  }
  const catalogue = await loadCatalogue();
  const entry = findEntry(catalogue, id);
  if (entry === undefined) {
    const ids = [...catalogue, ...plainCatalogue].map((each) => each.id);
    const near = suggestionByWords(id, ids) || suggestion(id, ids);
    throw new UsageError(`there is no scenario "${id}".${near} "halfopen list" shows them all.`);
  }
  const plan = makePlan(entry.id, entry.scenario, {
    cell: 'local',
    proxy: 'wire',
    server: 'node',
    client: 'node',
    seed: values.seed ?? '0',
    variant: 'fault',
  });
  console.log(values.json === true ? JSON.stringify(plan, null, 2) : asText(plan));
  return 0;
}

/** By its whole id, or by what stands behind the slash. */
function findEntry<Entry extends { readonly id: string }>(entries: readonly Entry[], id: string): Entry | undefined {
  return entries.find((each) => each.id === id) ?? entries.find((each) => each.id.endsWith(`/${id}`));
}

/** Its places are parts of a stream that nobody knows before the pair was run without faults. */
function plainText({ id, scenario }: PlainEntry): string {
  const client = {
    unaffected: 'succeeds, with the output of its control run',
    'whole-or-told': 'ends within its bound, and succeeds only with the output of its control run',
  }[scenario.client];
  return [
    id,
    `  claim     ${scenario.claim}`,
    `  source    ${scenario.source.passage}: ${scenario.source.requires}`,
    ...scenario.faults.map((fault) => `  fault     ${JSON.stringify(fault)}`),
    `  client    ${client}`,
  ].join('\n');
}

function asText(plan: Plan): string {
  const defaults = v.parse(paramsSchema, {});
  const params = Object.entries(plan.params)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key as keyof typeof defaults]))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [
    plan.scenario,
    `  claim     ${plan.claim}`,
    `  source    ${plan.source.passage}: ${plan.source.requires}`,
    `  workload  ${plan.workload}  ${params.join(' ')}`,
    ...(plan.faults.length === 0 ? ['  faults    none'] : []),
    ...describeFaults(plan.faults).map(({ ids, words }) => `  ${ids.padEnd(8)}  ${words}`),
    ...plan.seen.map((seen) => `  seen      ${describeSeen(seen)}, before the fault`),
    ...plan.expect.map((expectation) => `  expects   ${describeExpectation(expectation)}`),
    `  waits     ${plan.waitsMs} ms; the exchange is held to hang after ${plan.limits.exchangeMs} ms`,
  ].join('\n');
}
