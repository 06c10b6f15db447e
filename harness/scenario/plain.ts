/**
 * A scenario for plain subjects: one claim about programs that keep no contract, as a plain value.
 *
 * Owns the schema and its door, `definePlainScenario`. Where its places lie in the stream is known once the pair has been
 * run without faults.
 */
import * as v from 'valibot';

import { plainFaultSchema } from './fault.ts';
import { sentenceSchema, sourceSchema } from './scenario.ts';

/**
 * What the client must do under the fault. `unaffected`: succeed, with the output of its control run · `whole-or-told`: end
 * within its bound, and succeed only with that output.
 */
export const PLAIN_EXPECTATIONS = ['unaffected', 'whole-or-told'] as const;

export const plainScenarioSchema = v.strictObject({
  claim: sentenceSchema,
  source: sourceSchema,
  faults: v.pipe(v.array(plainFaultSchema), v.minLength(1)),
  client: v.picklist(PLAIN_EXPECTATIONS),
});
export type PlainScenario = v.InferOutput<typeof plainScenarioSchema>;
export type PlainScenarioInput = v.InferInput<typeof plainScenarioSchema>;

/**
 * Checks a scenario and fills in its defaults.
 *
 * @throws {v.ValiError} naming the key that is wrong
 */
export function definePlainScenario(input: PlainScenarioInput): PlainScenario {
  return v.parse(plainScenarioSchema, input);
}
