/**
 * `halfopen clean`: removes what a killed run left behind, and nothing else.
 */
import { engineProblem } from '../run/docker/engine-answer.ts';
import { sweepLocal } from '../run/local/sweep.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';

export async function clean(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals } = readArguments('clean', args, {});
  if (positionals.length > 0) throw new UsageError(`clean takes no words, and was given "${positionals.join(' ')}"`);
  const removed = [...(await cleanProcesses()), ...(await cleanEngine(signal))];
  for (const line of removed.length > 0 ? removed : ['nothing was left behind']) console.log(line);
  return 0;
}

async function cleanProcesses(): Promise<string[]> {
  const swept = await sweepLocal();
  return swept.length === 0 ? [] : [`ended ${swept.length} processes of killed runs: ${swept.join(', ')}`];
}

/** Where no engine answers there is nothing on it. */
async function cleanEngine(signal: AbortSignal): Promise<string[]> {
  if ((await engineProblem(signal)) !== null) return [];
  const [{ openEngine }, { sweepDocker }] = await Promise.all([
    import('../run/docker/engine.ts'),
    import('../run/docker/sweep.ts'),
  ]);
  const { runs, containers, networks } = await sweepDocker(await openEngine());
  if (runs.length === 0) return [];
  return [`removed ${containers} containers and ${networks} networks of killed runs: ${runs.join(', ')}`];
}
