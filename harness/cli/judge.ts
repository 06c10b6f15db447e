/**
 * `halfopen judge DIR`: judges a stored run, or one attempt of it, again, from its evidence alone.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ATTEMPT_FILES, RUN_FILES } from '../evidence/folder.ts';
import { judgeAttempt, judgeRun } from '../suite/judge-again.ts';
import type { Rejudged } from '../suite/judge-again.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';
import { jsonLine, printable } from './printable.ts';
import { Style } from './style.ts';

export async function judgeAgain(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('judge', args, { json: { type: 'boolean' } });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new UsageError('judge takes one folder: a run, or one attempt of it');
  const style = new Style(process.stdout);
  const show = ({ evidence, before, verdict }: Rejudged): void => {
    if (values.json === true) console.log(jsonLine({ evidence, before, verdict }));
    else {
      const change = before === null || before === verdict.verdict ? '' : `  (was ${before})`;
      console.log(`${style.verdict(verdict.verdict)}  ${printable(evidence)}${change}  ${printable(verdict.reason)}`);
    }
  };
  if (await exists(join(folder, ATTEMPT_FILES.plan))) return judgeAttempt(folder, show);
  if ((await exists(join(folder, RUN_FILES.run))) || (await exists(join(folder, 'scenarios')))) {
    return judgeRun(folder, show, (problem) => console.error(`halfopen: ${printable(problem)}`));
  }
  throw new UsageError(
    `${folder} holds neither ${RUN_FILES.run} nor ${ATTEMPT_FILES.plan}: it is no run and no attempt`,
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
