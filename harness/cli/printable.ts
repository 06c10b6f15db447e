/**
 * Makes text from a subject, or from a stored run, safe to print: what cannot be seen is spelled out, length is bounded,
 * and on GitHub nothing in it is a command to its runner.
 *
 * Formats for machines have an escape of their own, `jsonLine`.
 */
import { byNumber, spellUnseen } from '../report/text/unseen.ts';

const LIMIT = 400;
/** Of what went wrong: what can be done about it comes last. */
const MESSAGE_LIMIT = 4_000;

/** Such a beginning, whatever blanks are before it, and such a bracket, anywhere in a line, are GitHub's workflow commands. */
const COMMAND = /^\s*::|##\[/g;

/** @param limit greatest number of characters that are shown */
export function printable(text: string, limit = LIMIT): string {
  const visible = withoutCommands(spellUnseen(text, coded));
  return visible.length > limit ? `${visible.slice(0, limit)}…` : visible;
}

/** What went wrong, which may tell of more than a subject's words. */
export function printableMessage(text: string): string {
  return printable(text, MESSAGE_LIMIT);
}

/** A value as JSON on one line. Such a bracket stands in strings only, where its code means the same. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll('##[', String.raw`##\u005b`);
}

export function isOnGitHub(): boolean {
  return process.env['GITHUB_ACTIONS'] === 'true';
}

function withoutCommands(text: string): string {
  if (!isOnGitHub()) return text;
  return text.replaceAll(COMMAND, (found) => `${found.slice(0, -1)}${coded(found.at(-1) ?? '')}`);
}

/** A byte by its two digits, and what is none by its number. */
function coded(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0xff ? byNumber(character) : `\\x${code.toString(16).padStart(2, '0')}`;
}
