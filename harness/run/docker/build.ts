/**
 * Builds an image by Docker's own command.
 *
 * Owns the command, its end whatever becomes of the harness, and what is told of a build that fails.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { OWNER_VARIABLE, ownerMark } from '../local/sweep.ts';
import type { Subject } from '../cell.ts';
import { messageOf, RunError } from '../run-error.ts';
import { dockerEnvironment } from './docker-command.ts';
import { engineError } from './engine.ts';
import { inOneLine } from './one-line.ts';

const run = promisify(execFile);
const BUILD_LIMIT_MS = 300_000;
/** A build that logs more than this is stuck. */
const LOG_BYTES = 64 * 1024 * 1024;
const LOG_LINES = 6;
const ID_FILE = 'id';

/** What an image is built from, relative to a folder. */
export type Build = NonNullable<Subject['build']>;

/**
 * Builds an image and gives it a name.
 *
 * @param folder that the build's paths are relative to
 * @param limitMs how long it may take
 * @returns its id: the name may be another image's by the time this returns
 * @throws {RunError} `cell-not-started`, with what the failing step said
 */
export async function buildAt(
  folder: string,
  name: string,
  build: Build,
  signal?: AbortSignal,
  limitMs: number = BUILD_LIMIT_MS,
): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), 'halfopen-build-'));
  const idFile = join(temporary, ID_FILE);
  const args = ['build', '--progress', 'plain', '--iidfile', idFile, '--tag', name, '--file', build.dockerfile];
  try {
    await run('docker', [...args, build.context], {
      cwd: folder,
      // The mark by which a sweep finds it once the harness is gone.
      env: { ...dockerEnvironment(), [OWNER_VARIABLE]: await ownerMark() },
      timeout: limitMs,
      maxBuffer: LOG_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    return (await readFile(idFile, 'utf8')).trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw buildError(
      name,
      build,
      folder,
      hasTimedOut(error) ? `it took longer than ${limitMs / 1000} s` : endOf(error),
    );
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** Troubles that are not the Dockerfile's; its own words could look like any other. */
const NOT_ITS_OWN =
  /spawn docker|unknown command: docker|is not a docker command|cannot connect to the docker daemon|error during connect|failed to resolve source metadata|no such host|no space left/i;

/** The context, or the Dockerfile. */
const NOT_FOUND = /unable to prepare context|failed to read dockerfile/i;

function buildError(name: string, { context, dockerfile }: Build, folder: string, problem: string): RunError {
  const attempted = `the image ${name} could not be built`;
  if (NOT_ITS_OWN.test(problem)) return engineError(attempted, new Error(problem));
  const remedy = NOT_FOUND.test(problem)
    ? `the paths of a build are looked for from where the command is run, ${folder}: correct "build" in halfopen.config.ts`
    : `"docker build --file ${dockerfile} ${context}" in ${folder} shows the whole of it`;
  return new RunError('cell-not-started', `${attempted}: ${inOneLine(problem)}`, remedy);
}

function hasTimedOut(error: unknown): boolean {
  return error instanceof Error && 'killed' in error && error.killed === true;
}

/** What the step that failed said last, and the builder's own conclusion; without a step, the end of the log. */
function endOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  if (said === '') return messageOf(error);
  const [, step = ''] = /^-{6}\n([^]*?)\n-{6}$/m.exec(said) ?? [];
  const conclusion = said.split('\n').findLast((line) => line.startsWith('ERROR')) ?? '';
  const lines = step === '' ? said.split('\n') : step.split('\n').slice(1);
  const last = lines.slice(-LOG_LINES).filter((line) => line !== conclusion);
  return [...last, conclusion].join('\n');
}
