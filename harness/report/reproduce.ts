/**
 * The line that runs one case of a run again: under any configuration, and no longer than that takes.
 */
import { parseArgs } from 'node:util';

import type { Result, Run } from '../evidence/run.ts';
import { hasUnseen, spellUnseen } from './text/unseen.ts';

/** Words a shell takes as they are. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/**
 * What a shell reads back as exactly `word`. What no terminal shows as it is needs `$'…'`, which bash, zsh and POSIX of 2024
 * read.
 */
export function shellWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  if (hasUnseen(word)) return `$'${spellUnseen(word.replace(/[\\']/g, String.raw`\$&`), escapedBytes)}'`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function escapedBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** A command that somebody gave may be long; longer lines stand in the page alone. */
const LONGEST_LINE = 8_000;

/** Whether a line finds room outside of the page. */
export function findsRoom(line: string): boolean {
  return line.length <= LONGEST_LINE;
}

/** The line whole or not at all: half a line runs something else. */
export function lineOrWord(line: string): string {
  return findsRoom(line) ? line : TOO_LONG;
}

export const TOO_LONG = 'The line that runs it again is too long to stand here: see the report';

/** What of a run its lines go by. */
export type Asked = Pick<Run, 'seed' | 'command' | 'parts' | 'exitStatus'> & {
  readonly results: readonly Pick<Result, 'proxy' | 'repetition'>[];
};

type Of = Pick<Result, 'scenario' | 'server' | 'client' | 'cell' | 'proxy' | 'given' | 'variant' | 'kernel'>;

/** Gives the line that runs a case of one run again. */
export type Reproducer = (of: Of) => string;

export function reproducer(run: Asked): Reproducer {
  const ownTrials = ownTrialsOf(run.command);
  const spelled = spelledOut(run);
  return (of) => {
    const words = ownTrials === null ? runWords(of, run.seed, spelled) : mutantsWords(of, run.seed, ownTrials);
    return ['npx', 'halfopen', ...words].map(shellWord).join(' ');
  };
}

/** Flags that are written even where they say what the command does by itself. */
interface Spelled {
  readonly cell: boolean;
  readonly proxy: boolean;
  readonly repeat: boolean;
}

/**
 * A configuration may have other defaults than the command. It has none where the run was not told either and came to
 * the command's own; what a killed run had still to come to is not known.
 */
function spelledOut({ command, parts, exitStatus, results }: Asked): Spelled {
  const commands = parts?.map((part) => part.command ?? []) ?? [command];
  const told = (...flags: readonly string[]): boolean =>
    commands.some(([verb, ...args]) => verb !== 'run' || args.some((arg) => flags.includes(arg.split('=')[0] ?? '')));
  const isOpen = exitStatus === null;
  return {
    cell: told('--cell', '--last-failed'),
    proxy: isOpen || told('--proxy', '--last-failed') || results.some(({ proxy }) => proxy !== 'wire'),
    repeat: isOpen || told('--repeat') || results.some(({ repetition }) => repetition > 1),
  };
}

function runWords(of: Of, seed: string, spelled: Spelled): string[] {
  const isElsewhere = of.cell !== 'local';
  return [
    'run',
    of.scenario,
    ...subjectWords(of),
    '--seed',
    seed,
    ...(isElsewhere || spelled.cell ? ['--cell', of.cell] : []),
    ...(isElsewhere || spelled.proxy || of.proxy !== 'wire' ? ['--proxy', of.proxy] : []),
    ...(of.kernel === undefined ? [] : ['--kernel', of.kernel]),
    ...(spelled.repeat ? ['--repeat', '1'] : []),
    ...(of.variant === 'control' ? ['--control'] : []),
  ];
}

/** Flags of `mutants` that say what a trial is; the others say where it is made and told. */
const OF_TRIALS: readonly string[] = ['scenarios', 'reference', 'quick', 'every'];

const WITH_VALUES = {
  scenarios: { type: 'string' },
  bug: { type: 'string', multiple: true },
  reference: { type: 'string' },
  seed: { type: 'string' },
  cells: { type: 'string' },
  report: { type: 'string' },
} as const;

/** What a run of seeded bugs was told of its trials. */
interface OwnTrials {
  /** Named one by one; empty: all that meet a scenario. */
  readonly bugs: readonly string[];
  /** The other flags, as words. */
  readonly flags: readonly string[];
}

/** The trials of scenarios that are not the catalogue's, so that `run` does not find them; null: there are none. */
function ownTrialsOf([verb, ...args]: readonly string[]): OwnTrials | null {
  if (verb !== 'mutants') return null;
  const { values } = parseArgs({ args, options: WITH_VALUES, strict: false, allowPositionals: true });
  if (values.scenarios === undefined) return null;
  const kept = Object.entries(values).filter(([flag]) => OF_TRIALS.includes(flag));
  const flags = kept.flatMap(([flag, value]) => [`--${flag}`, ...(typeof value === 'string' ? [value] : [])]);
  return { bugs: values.bug?.flatMap((names) => String(names).split(',')) ?? [], flags };
}

/** A bug that was named and does not meet the scenario would be refused. */
function mutantsWords({ scenario, server, client }: Of, seed: string, { bugs, flags }: OwnTrials): string[] {
  const own = bugs.filter((name) => name === server || name === client);
  return ['mutants', scenario, ...own.flatMap((name) => ['--bug', name]), ...flags, '--seed', seed];
}

/** What was named is named; what was given as a command is given again. */
function subjectWords({ server, client, given }: Pick<Result, 'server' | 'client' | 'given'>): string[] {
  const servers = given?.server === undefined ? ['--server', server] : ['--plain-server', given.server];
  const clients = given?.client === undefined ? ['--client', client] : ['--plain-client', given.client];
  return [...servers, ...clients, ...(given?.withinMs === undefined ? [] : ['--within', String(given.withinMs)])];
}
