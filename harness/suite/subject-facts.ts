/**
 * What the programs of a run were: versions of the runtimes that were used, and fingerprints of the user's own programs.
 *
 * Owns what `environment.json` says of programs here; of images their ids are told, by `run-suite.ts`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import { isPlainJob } from './plain-job.ts';
import type { AnyJob } from './plain-job.ts';
import type { KnownSubject } from './subjects.ts';

const ASK_LIMIT_MS = 10_000;
/** Of a larger file, such as Node's own program, its size is enough. */
const MOST_HASHED_BYTES = 32 * 1024 * 1024;
/** Of one command; whoever names more files is not told by them. */
const MOST_FILES = 20;

/** A program as it is started on this machine. */
interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly runtime?: string | undefined;
  /** It did not come with the product. */
  readonly isOwn: boolean;
}

type SubjectFacts = {
  readonly python?: string;
  readonly go?: string;
  /** Each of the user's own: its command, and the files that the command names, each with what tells it from another. */
  readonly subjects?: Readonly<Record<string, { readonly command: string; readonly files: readonly string[] }>>;
};

/** The programs that these jobs start on this machine. */
export function programsOf(jobs: readonly AnyJob[]): Program[] {
  const local = jobs.filter(({ excused, plan }) => excused === null && plan.cell === 'local');
  const programs = local.flatMap((job): Program[] => {
    if (!isPlainJob(job)) return [job.server, job.client].map(programOf);
    return [job.server, job.client].flatMap(({ name, program }) =>
      'command' in program && program.command !== undefined ? [{ name, command: program.command, isOwn: true }] : [],
    );
  });
  return [...new Map(programs.map((program) => [program.name, program])).values()];
}

export function programOf({ name, command, runtime, origin }: KnownSubject): Program {
  return { name, command, runtime, isOwn: origin === 'user' };
}

/** What is told of them. What cannot be asked is left out. Never throws. */
export async function subjectFacts(
  programs: readonly Program[],
  folder: string = process.cwd(),
): Promise<SubjectFacts> {
  const programFor = (runtime: string): string | undefined =>
    programs.find((program) => program.runtime === runtime)?.command[0];
  const [python, go, subjects] = await Promise.all([
    versionOf(programFor('python3'), (path) => [path, ['--version']]),
    versionOf(programFor('go'), (path) => ['go', ['version', path]]),
    Promise.all(programs.filter(({ isOwn }) => isOwn).map((program) => fingerprint(program, folder))),
  ]);
  return {
    ...(python !== null && { python }),
    ...(go !== null && { go }),
    ...(subjects.length > 0 && { subjects: Object.fromEntries(subjects) }),
  };
}

/** The version in an answer such as `Python 3.12.3` or `/path/of/program: go1.26.1`. */
async function versionOf(path: string | undefined, ask: (path: string) => [string, string[]]): Promise<string | null> {
  if (path === undefined) return null;
  const [program, args] = ask(path);
  const answer = await promisify(execFile)(program, args, { timeout: ASK_LIMIT_MS }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  return /(\d+\.\d+\S*)\s*$/.exec(answer)?.[1] ?? null;
}

async function fingerprint(
  { name, command }: Program,
  folder: string,
): Promise<[string, { command: string; files: string[] }]> {
  // What was given in quotes is one word of a shell's.
  const words = [...new Set(command.flatMap((word) => word.split(/\s+/)))].slice(0, MOST_FILES);
  const files = await Promise.all(words.map((word) => fileWords(word, folder).catch(() => null)));
  return [name, { command: command.join(' '), files: files.filter((file) => file !== null) }];
}

/** Null where the word names no file. */
async function fileWords(word: string, folder: string): Promise<string | null> {
  const path = await fileNamed(word, folder);
  if (path === null) return null;
  const { size } = await stat(path);
  if (size > MOST_HASHED_BYTES) return `${word} ${size} bytes`;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `${word} sha256:${hash.digest('hex')}`;
}

/** As a shell would look for it: with a slash or as a file of the folder, else on the PATH. */
async function fileNamed(word: string, folder: string): Promise<string | null> {
  if (word === '' || word.startsWith('-')) return null;
  const onPath = word.includes('/') ? [] : (process.env['PATH'] ?? '').split(delimiter).map((each) => join(each, word));
  for (const path of [resolve(folder, word), ...onPath]) {
    const entry = await stat(path).catch(() => null);
    if (entry?.isFile() === true) return path;
  }
  return null;
}
