/**
 * A program that the engine could not run for a reason of its own or of its place: the engine's words for that, and what helps.
 */
import { SubjectUnstartable } from '../cell.ts';
import { messageOf } from '../run-error.ts';
import { inOneLine } from './one-line.ts';

/** The first that the words match; each is a trouble of the program's, and none of the engine's. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/too many open files/i, '; it was given too few descriptors: raise "fds" in its resources'],
  [
    /executable file not found|no such file or directory/i,
    '; the first word of what is run, its entry point or else its command, must be a program that the image has',
  ],
  [/no command specified/i, '; give it a "command": its image has none'],
  [/exec format/i, '; it is a program for another kind of machine'],
  [/OCI runtime (?:create|exec) failed/i, ''],
];

/** Who has told whom, before the reason itself. */
const ON_THE_WAY = /failed to create task for container: .*?unable to start container process: /;

/** `null`: the engine did not do its part. */
export function unstartable(error: unknown): SubjectUnstartable | null {
  const said = inOneLine(messageOf(error));
  const remedy = REMEDIES.find(([pattern]) => pattern.test(said))?.[1];
  if (remedy === undefined) return null;
  return new SubjectUnstartable(`${said.replace(ON_THE_WAY, '')}${remedy}`, { cause: error });
}
