/**
 * `halfopen clean`: removes what a killed run left behind, and nothing else.
 */
import { counted } from '../report/text/quantity.ts';
import { engineProblem, engineRemedy, namedHost } from '../run/docker/engine-answer.ts';
import { sweepLocal } from '../run/local/sweep.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';

/** An engine that was named could not be asked, or something of ours is still on it. */
const EXIT_ENVIRONMENT = 3;

export async function clean(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { positionals } = readArguments('clean', args, {});
  if (positionals.length > 0) throw new UsageError(`clean takes no words, and was given "${positionals.join(' ')}"`);
  const problem = await engineProblem(signal);
  const ended = await cleanProcesses();
  const { removed, left } = problem === null ? await cleanEngine(signal) : { removed: [], left: [] };
  const told = [...ended, ...removed, ...left];
  const nothing = problem === null ? 'nothing was left behind' : 'no process was left behind';
  for (const line of told.length > 0 ? told : [nothing]) console.log(line);
  if (problem !== null) return unasked(problem);
  return left.length > 0 ? EXIT_ENVIRONMENT : 0;
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

/** What went and what would not, as lines. */
async function cleanEngine(signal: AbortSignal): Promise<{ readonly removed: string[]; readonly left: string[] }> {
  const [{ openEngine }, { sweepOut }] = await Promise.all([
    import('../run/docker/engine.ts'),
    import('../run/docker/sweep.ts'),
  ]);
  const { runs, containers, networks, left } = await sweepOut(await openEngine(), signal);
  const objects = `${counted(containers, 'container')} and ${counted(networks, 'network')} of killed runs`;
  return {
    removed: runs.length === 0 ? [] : [`removed ${objects}: ${runs.join(', ')}`],
    left: left.map((object) => `${object} would not go: take what uses it away, and clean again`),
  };
}
