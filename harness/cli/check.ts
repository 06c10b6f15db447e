/**
 * `halfopen check CMD…`: what a program keeps of the subject contract, clause by clause, without faults.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROLES } from '../contract/words.ts';
import type { Role } from '../contract/words.ts';
import { ALL, means } from '../check/choice.ts';
import type { Outcome } from '../check/clause.ts';
import { FIRST_LOOKS } from '../check/clauses/first-look.ts';
import { runCheck } from '../check/run-check.ts';
import { SubjectUnstartable } from '../run/cell.ts';
import { OWNER_VARIABLE, ownerMark } from '../run/local/sweep.ts';
import { suggestion } from '../suite/nearest.ts';
import { UsageError } from '../suite/usage-error.ts';
import { readArguments } from './arguments.ts';
import { consoleCheckPrinter, jsonCheckPrinter } from './check-printer.ts';
import { HELP } from './help.ts';
import { imageCommand } from './image-command.ts';

const OPTIONS = {
  role: { type: 'string' },
  only: { type: 'string', multiple: true },
  image: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Flags that are followed by a value of their own. */
const VALUED = new Set(['--role', '--only', '--image']);

export async function check(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { own, command } = split(args);
  const { values } = readArguments('check', own, OPTIONS);
  if (values.help === true) {
    console.log(HELP['check']);
    return 0;
  }
  if ((command.length === 0) === (values.image === undefined)) {
    throw new UsageError(
      'check takes the command that starts the program, as in "halfopen check python3 my_subject.py", or --image NAME',
    );
  }
  if (values.image === undefined) return checkCommand({ command, shown: command }, values, signal);
  await using image = await imageCommand(values.image, signal);
  return await checkCommand({ command: image.command, shown: ['--image', values.image] }, values, signal);
}

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** What is started, and the words that start it again on the command line. */
interface Checked {
  readonly command: readonly string[];
  readonly shown: readonly string[];
}

async function checkCommand({ command, shown }: Checked, values: Values, signal: AbortSignal): Promise<number> {
  const only = values.only ?? [];
  const roles = rolesFrom(values.role);
  demandKnown(only);
  forgetOwnVariables();
  // A Node subject starts in half the time, here as in a local cell; others take no notice.
  const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache');
  const program = { command, environment: { [OWNER_VARIABLE]: await ownerMark(), NODE_COMPILE_CACHE: compileCache } };
  const printer = values.json === true ? jsonCheckPrinter(shown) : consoleCheckPrinter(shown, only.length > 0);
  try {
    const outcomes = await runCheck({ program, roles, only }, (exercised) => printer.show(exercised), signal);
    const exitStatus = statusOf(outcomes);
    printer.end(outcomes, exitStatus);
    return exitStatus;
  } catch (error) {
    if (error instanceof SubjectUnstartable) {
      throw new UsageError(`${error.message}. Is it on the PATH, and may it be executed?`, { cause: error });
    }
    throw error;
  }
}

/** Everything from the first word that is no flag on is the command, its own flags with it. */
function split(args: readonly string[]): { own: readonly string[]; command: readonly string[] } {
  let at = 0;
  while (at < args.length && args[at]?.startsWith('-') === true && args[at] !== '--') {
    at += VALUED.has(args[at] ?? '') ? 2 : 1;
  }
  return { own: args.slice(0, at), command: args.slice(args[at] === '--' ? at + 1 : at) };
}

function rolesFrom(text: string | undefined): readonly Role[] {
  if (text === undefined) return ROLES;
  const role = ROLES.find((each) => each === text);
  if (role !== undefined) return [role];
  throw new UsageError(`--role takes ${ROLES.join(' or ')}, not "${text}".${suggestion(text, ROLES)}`);
}

function demandKnown(only: readonly string[]): void {
  const unknown = only.find((word) => word === '' || !ALL.some((each) => means(word, each)));
  if (unknown !== undefined) {
    const names = [...new Set(ALL.flatMap(({ id, passage }) => [id, ...id.split('/'), passage.toLowerCase()]))];
    throw new UsageError(`--only: there is no clause "${unknown}".${suggestion(unknown, names)}`);
  }
}

/** What a shell or a run above set must not reach the subject. */
function forgetOwnVariables(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('HALFOPEN_')) delete process.env[name];
}

/** 1 for a miss, and for a program that supports nothing: there is nothing to be right about. */
function statusOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ outcome }) => outcome === 'missed')) return 1;
  const looks = outcomes.filter(({ id }) => Object.values(FIRST_LOOKS).some((look) => look.id === id));
  return looks.length > 0 && looks.every(({ outcome }) => outcome === 'unsupported') ? 1 : 0;
}
