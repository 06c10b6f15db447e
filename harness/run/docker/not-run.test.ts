import { expect, test } from 'vitest';

import { unstartable } from './not-run.ts';

test.for([
  [
    'OCI runtime create failed: exec: "no-such": executable file not found in $PATH: unknown',
    'a program that the image has',
  ],
  ['OCI runtime create failed: runc create failed: pipe2: too many open files: unknown', 'raise "fds"'],
  ['(HTTP code 400) bad parameter - no command specified', 'give it a "command"'],
  ['OCI runtime exec failed: exec format error: unknown', 'another kind of machine'],
  ['OCI runtime exec failed: something else', 'something else'],
] as const)('a program that cannot be run comes with what to do about it: %s', ([said, remedy]) => {
  expect(unstartable(new Error(said))?.message).toContain(said);
  expect(unstartable(new Error(said))?.message).toContain(remedy);
});

test('what the engine itself could not do is no matter of the program', () => {
  expect(unstartable(new Error('connect ECONNREFUSED /var/run/docker.sock'))).toBeNull();
});

test('who has told whom within the engine is left out', () => {
  const way = 'failed to create task for container: OCI runtime create failed: unable to start container process: ';
  const said = unstartable(new Error(`server error - ${way}exec: "x": executable file not found in $PATH`))?.message;
  expect(said).toMatch(/^server error - exec: "x": executable file not found/);
});
