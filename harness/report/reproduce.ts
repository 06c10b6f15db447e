/**
 * The line that runs one case again.
 */
import type { Case } from './cases.ts';

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
  of: Pick<Case, 'scenario' | 'server' | 'client' | 'cell' | 'proxy'>,
  seed: string,
): string {
  const words = ['npx', 'halfopen', 'run', of.scenario, '--server', of.server, '--client', of.client, '--seed', seed];
  if (of.cell === 'docker') words.push('--cell', 'docker', '--proxy', of.proxy);
  else if (of.proxy !== 'wire') words.push('--proxy', of.proxy);
  return words.map(shellWord).join(' ');
}
