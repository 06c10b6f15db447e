/**
 * How one run of a plain client came out, in the user's own terms of success.
 */
import type { PlainPlan } from '../../evidence/plan.ts';
import type { RecordOf } from '../../evidence/record.ts';
import { exitWords, inBytes } from '../wording.ts';
import type { ClientRun } from './rounds.ts';

/** `cut-off`: the harness ended it, or nobody knows how it ended. */
export type Outcome = 'succeeded' | 'reported' | 'crashed' | 'odd-status' | 'cut-off';

/** How the client ended of its own; null: the harness ended it, or nobody knows. */
export function ownEnd({ exited, overdue }: ClientRun): RecordOf<'exited'> | null {
  return overdue === null ? exited : null;
}

/** Statuses above this are signals, as shells write them. */
const SIGNAL_BASE = 128;

export function outcomeOf(run: ClientRun, { client }: PlainPlan['plain']): Outcome {
  const end = ownEnd(run);
  if (end === null) return 'cut-off';
  const { status, signal } = end;
  if (signal !== null || status === null || status > SIGNAL_BASE) return 'crashed';
  if (client.succeedsWith.includes(status)) return 'succeeded';
  return client.failsWith === null || client.failsWith.includes(status) ? 'reported' : 'odd-status';
}

/** `exited with status 28`, `was ended by SIGSEGV`. */
export function endWords({ exited, overdue }: ClientRun): string {
  if (overdue !== null) return 'had to be ended by the harness, with SIGKILL';
  if (exited === null) return 'left no record of its end';
  return exitWords(exited);
}

type Printed = Pick<RecordOf<'output'>, 'bytes' | 'sha256'>;

/** What a success must print; `null`: anything. */
export function dueOutput({ client, control }: PlainPlan['plain']): Printed | null {
  return client.output === 'any' || control === null ? null : control.output;
}

/** How a run's output differs from that of its control run; `null`: it does not, or may. */
export function outputLacks(run: ClientRun, plain: PlainPlan['plain']): string | null {
  const due = dueOutput(plain);
  return due === null ? null : difference(run.output, due);
}

/** How an output differs from the one that was due; `null`: it does not. */
export function difference(output: RecordOf<'output'> | null, due: Printed): string | null {
  if (output === null) return 'what it printed is not on record';
  if (output.bytes === due.bytes && output.sha256 === due.sha256) return null;
  const begins = output.bytes === 0 ? '' : `, beginning ${JSON.stringify(output.begins)}`;
  if (output.bytes === due.bytes)
    return `printed ${inBytes(output.bytes)}, as many as were due, and not the same${begins}`;
  return `printed ${inBytes(output.bytes)} where ${due.bytes} were due${begins}`;
}
