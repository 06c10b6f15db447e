/**
 * `halfopen doctor`: what this machine can run, and what is missing for the rest with how to get it.
 */
import { examineTools, withoutEngine } from '../run/docker/doctor-tools.ts';
import type { Finding as DockerFinding } from '../run/docker/doctor-tools.ts';
import { engineProblem } from '../run/docker/engine-answer.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';
import { examineMachine } from './machine.ts';
import type { Finding } from './machine.ts';
import { jsonLine, printable } from './printable.ts';
import { Style } from './style.ts';

/** The environment cannot do what the command is for. */
const EXIT_ENVIRONMENT = 3;

export async function doctor(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments('doctor', args, { json: { type: 'boolean' } });
  if (positionals.length > 0) throw new UsageError(`doctor takes no words, and was given "${positionals.join(' ')}"`);
  const findings = [...(await examineMachine()), ...(await examineDocker(signal))];
  const lacking = (need: Finding['need']): boolean => findings.some((each) => each.need === need && !each.there);
  const local = !lacking('local cells');
  const docker = !findings.some((each) => each.need === 'Docker cells' && !each.there && !isBuiltByItself(each));
  const exitStatus = local ? 0 : EXIT_ENVIRONMENT;
  if (values.json === true) {
    for (const finding of findings) console.log(jsonLine({ type: 'finding', ...finding }));
    console.log(jsonLine({ type: 'finished', local, docker, exitStatus }));
    return exitStatus;
  }
  const style = new Style(process.stdout);
  for (const finding of findings) for (const line of findingLines(finding, style)) console.log(line);
  console.log(`\nlocal cells ${local ? 'can run' : 'cannot run'}; Docker cells ${docker ? 'can run' : 'cannot run'}`);
  return exitStatus;
}

/** The engine first, and last what only it knows. */
async function examineDocker(signal: AbortSignal): Promise<Finding[]> {
  const [[engine, ...images], tools] = await Promise.all([examineEngine(signal), examineTools()]);
  return [...(engine === undefined ? [] : [engine]), ...tools, ...images].map((finding) => ({
    need: 'Docker cells',
    ...finding,
  }));
}

async function examineEngine(signal: AbortSignal): Promise<DockerFinding[]> {
  const problem = await engineProblem(signal);
  if (problem !== null) return withoutEngine(problem);
  // Loaded only here: the engine's client library takes longer to load than all the rest to run.
  return (await import('../run/docker/doctor.ts')).examineEngine();
}

/** Our own images need no one's hand. */
function isBuiltByItself({ what }: Finding): boolean {
  return what.startsWith('image halfopen/');
}

function findingLines({ need, what, there, found, remedy }: Finding, style: Style): string[] {
  const glyph = there ? style.paint('green', '✓') : style.paint('yellow', '✗ missing');
  const line = `${glyph}  ${style.paint('bold', what)}  ${printable(found)}  ${style.paint('dim', `(for ${need})`)}`;
  return there ? [line] : [line, `    to get it  ${remedy}`];
}
