/**
 * The `halfopen` command: finds the verb, owns signals and the exit status.
 */
import { inspect } from 'node:util';

import { suggestion } from '../suite/nearest.ts';
import { problemOf, RunError } from '../run/run-error.ts';
import { UsageError } from '../suite/usage-error.ts';
import { HELP, OVERVIEW } from './help.ts';
import { printableMessage } from './printable.ts';

/** A verb: its arguments in, its exit status out. */
type Verb = (args: readonly string[], signal: AbortSignal) => Promise<number>;

/** Each verb loads only what it needs. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  run: async () => (await import('./run.ts')).run,
  list: async () => (await import('./list.ts')).list,
  explain: async () => (await import('./explain.ts')).explain,
  check: async () => (await import('./check.ts')).check,
  proxy: async () => (await import('./proxy.ts')).proxy,
  mutants: async () => (await import('./mutants.ts')).mutants,
  judge: async () => (await import('./judge.ts')).judgeAgain,
  report: async () => (await import('./report.ts')).report,
  doctor: async () => (await import('./doctor.ts')).doctor,
  clean: async () => (await import('./clean.ts')).clean,
};

/**
 * Runs the command.
 *
 * @param args what stands behind the command's name
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help' && rest[0] !== undefined) return main([rest[0], '--help']);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(OVERVIEW);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') return tellVersion();
  const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (load === undefined) {
    const known = [...Object.keys(VERBS), '--version', '--help'];
    console.error(`halfopen: there is no verb "${name}".${suggestion(name, known)} "halfopen --help" shows them all.`);
    return 2;
  }
  const ownFlags = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (name !== 'check' && ownFlags.some((flag) => flag === '--help' || flag === '-h')) {
    console.log(HELP[name]);
    return 0;
  }
  return guarded(await load(), rest);
}

async function tellVersion(): Promise<number> {
  const { version, commit } = await (await import('../suite/product.ts')).readProduct();
  console.log(`halfopen ${version}${commit === null ? '' : ` (${commit})`}`);
  return 0;
}

async function guarded(verb: Verb, args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    // The second one means it: whatever is left is swept at the next start.
    if (stop.signal.aborted) process.exit(signal === 'SIGTERM' ? 143 : 130);
    stop.abort(signal);
  };
  // A reader that went away, as of "| head", is no reason to leave things behind.
  process.stdout.on('error', () => undefined);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await verb(args, stop.signal);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`halfopen: ${printableMessage(error.message)}`);
      // Nothing has been begun that has to end, and a configuration that still waits must not keep the command.
      process.exit(2);
    }
    if (stop.signal.aborted) return stop.signal.reason === 'SIGTERM' ? 143 : 130;
    if (error instanceof RunError) {
      console.error(`halfopen: ${printableMessage(problemOf(error))}`);
      return 3;
    }
    console.error('halfopen: the harness itself failed; please report this with what follows');
    for (const line of inspect(error).split('\n')) console.error(printableMessage(line));
    return 3;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
