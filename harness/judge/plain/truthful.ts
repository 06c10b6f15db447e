/**
 * Truthful: a plain client says that all went well only if it did, and where nothing is lost it does.
 *
 * Owns the comparison with the pair's own control run: cut, joined and late bytes are the same bytes, so that they must
 * come to the same output. What an output does not show, the bytes that were handed on do: `shortfall.ts`.
 */
import type { PlainPlan } from '../../evidence/plan.ts';
import { broken, brokenUnderFault, notChecked, passed } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { inBytes, oneOf } from '../wording.ts';
import { dueOutput, endWords, outcomeOf, outputLacks } from './outcome.ts';
import { shortfall } from './shortfall.ts';
import type { PlainInvariant } from './questions.ts';
import { ROUND_WORDS } from './rounds.ts';
import type { ClientRun, PlainAttempt } from './rounds.ts';

export const truthful: PlainInvariant = {
  name: 'truthful',
  statement:
    'The client succeeds where nothing is lost, and says so only with the output of its control run, and with an answer.',
  examine: (attempt) => {
    const [first] = attempt.runs;
    if (first === undefined) return [notChecked('the client says truly how it went', 'it was never started')];
    if (attempt.plan.variant === 'fault') return [underFaults(attempt, first)];
    return attempt.runs.map((run) => clean(attempt, run));
  },
};

/** Without faults a run succeeds. */
function clean({ plan }: PlainAttempt, run: ClientRun): Finding {
  const { succeedsWith } = plan.plain.client;
  const expected = `${ROUND_WORDS[run.round]} the client exits with status ${oneOf(succeedsWith.map(String))}`;
  const outcome = outcomeOf(run, plan.plain);
  // That it had to be ended is told by `ends-in-time.ts`, which knows of the host.
  if (outcome === 'cut-off') return notChecked(expected, `it ${endWords(run)}`);
  const words = { expected, actual: `it ${endWords(run)}`, atMs: run.exited?.atMs ?? null };
  return outcome === 'succeeded' ? passed(words) : broken(words);
}

function underFaults({ plan }: PlainAttempt, run: ClientRun): Finding {
  const { client } = plan.plain;
  const outcome = outcomeOf(run, plan.plain);
  const expected = expectedOf(plan.plain);
  if (outcome === 'cut-off') return notChecked(expected, `it ${endWords(run)}`);
  const words = { expected, actual: `it ${endWords(run)}`, atMs: run.exited?.atMs ?? null };
  if (outcome === 'crashed' || outcome === 'odd-status') return broken(words);
  if (outcome === 'reported') return client.expect === 'unaffected' ? brokenUnderFault(words) : passed(words);
  const lacks = outputLacks(run, plan.plain) ?? shortfall(run, plan.plain);
  if (lacks !== null)
    return brokenUnderFault({ ...words, actual: `${words.actual}, as if all were well, and ${lacks}` });
  return passed({ ...words, actual: `${words.actual}${dueOutput(plan.plain) === null ? '' : ', with that output'}` });
}

function expectedOf({ client, control }: PlainPlan['plain']): string {
  const due = dueOutput({ client, control });
  const whole = due === null ? '' : ` and prints the ${inBytes(due.bytes)} of its control run`;
  const success = `exits with status ${oneOf(client.succeedsWith.map(String))}${whole}`;
  const failure = client.failsWith === null ? 'another status' : `status ${oneOf(client.failsWith.map(String))}`;
  return client.expect === 'unaffected' ? `the client ${success}` : `the client ${success}, or exits with ${failure}`;
}
