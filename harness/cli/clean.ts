/**
 * `halfopen clean`: removes what a killed run left behind, and nothing else.
 */
import { counted } from '../report/text/quantity.ts';
import { engineProblem, engineRemedy, namedHost } from '../run/docker/engine-answer.ts';
import { sweepLocal } from '../run/local/sweep.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';

/** An engine that was named could not be asked. */
const EXIT_ENVIRONMENT = 3;

export async function clean(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals } = readArguments('clean', args, {});
  if (positionals.length > 0) throw new UsageError(`clean takes no words, and was given "${positionals.join(' ')}"`);
  const problem = await engineProblem(signal);
  const removed = [...(await cleanProcesses()), ...(problem === null ? await cleanEngine() : [])];
  const nothing = problem === null ? 'nothing was left behind' : 'no process was left behind';
  for (const line of removed.length > 0 ? removed : [nothing]) console.log(line);
  return problem === null ? 0 : unasked(problem);
}

/** Where nobody named an engine there may be none; one that was named may hold what was left. */
function unasked(problem: string): number {
  if (namedHost() === null) {
    const remedy = engineRemedy(problem) ?? 'if there is one, start it';
    console.log(`no container engine answers (${problem}): ${remedy}, and clean again`);
    return 0;
  }
  const remedy = engineRemedy(problem) ?? 'start it, or correct DOCKER_HOST';
  console.error(`halfopen: the container engine could not be asked: ${problem}; ${remedy}, and clean again`);
  return EXIT_ENVIRONMENT;
}

async function cleanProcesses(): Promise<string[]> {
  const swept = await sweepLocal();
  if (swept.length === 0) return [];
  return [`ended ${counted(swept.length, 'process', 'processes')} of killed runs: ${swept.join(', ')}`];
}

async function cleanEngine(): Promise<string[]> {
  const [{ openEngine }, { sweepDocker }] = await Promise.all([
    import('../run/docker/engine.ts'),
    import('../run/docker/sweep.ts'),
  ]);
  const { runs, containers, networks, left } = await sweepDocker(await openEngine());
  const removed = `${counted(containers, 'container')} and ${counted(networks, 'network')} of killed runs`;
  return [
    ...(runs.length === 0 ? [] : [`removed ${removed}: ${runs.join(', ')}`]),
    ...left.map((object) => `${object} would not go: take what uses it away, and clean again`),
  ];
}
