/**
 * The line that runs one case again.
 */
import type { Result } from '../evidence/run.ts';

/** Words a shell takes as they are. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** What no terminal shows as it is: needs `$'…'`, which bash, zsh and POSIX of 2024 read. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const TO_ESCAPE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\']/gu;

/** What a shell reads back as exactly `word`. */
export function shellWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  if (UNSEEN.test(word)) return `$'${word.replace(TO_ESCAPE, escapedBytes)}'`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function escapedBytes(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`;
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/**
 * The command for one case with the run's seed; what equals the command's default is left out.
 */
export function reproduceLine(
  of: Pick<Result, 'scenario' | 'server' | 'client' | 'cell' | 'proxy' | 'given' | 'variant'>,
  seed: string,
): string {
  const words = ['npx', 'halfopen', 'run', of.scenario, ...subjectWords(of), '--seed', seed];
  if (of.cell !== 'local') words.push('--cell', of.cell, '--proxy', of.proxy);
  else if (of.proxy !== 'wire') words.push('--proxy', of.proxy);
  if (of.variant === 'control') words.push('--control');
  return words.map(shellWord).join(' ');
}

/** What was named is named; what was given as a command is given again. */
function subjectWords({ server, client, given }: Pick<Result, 'server' | 'client' | 'given'>): string[] {
  const servers = given?.server === undefined ? ['--server', server] : ['--plain-server', given.server];
  const clients = given?.client === undefined ? ['--client', client] : ['--plain-client', given.client];
  return [...servers, ...clients, ...(given?.withinMs === undefined ? [] : ['--within', String(given.withinMs)])];
}
