/**
 * Whether the container engine answers at all: one question to its API, with a deadline.
 *
 * Owns its address, which the client library and Docker's own command must agree on, and what helps where nobody answers
 * there; a client library would wait for a silent engine for ever. The places of one that is not named are
 * `engine-places.ts`.
 */
import { existsSync } from 'node:fs';
import { request } from 'node:http';

import { messageOf, RunError } from '../run-error.ts';
import { DEFAULT_HOST, placesOfEngines } from './engine-places.ts';

const ANSWER_MS = 5_000;

let found: string | null = null;

/** The address that `DOCKER_HOST` names; `null` where it names none, as an empty one does for Docker's own command. */
export function namedHost(): string | null {
  const named = process.env['DOCKER_HOST'] ?? '';
  return named === '' ? null : named;
}

/** Where the engine is: as named, else where one was found, else where it usually is. */
export function engineHost(): string {
  return namedHost() ?? found ?? DEFAULT_HOST;
}

/**
 * Whether the engine is reached through a socket in the file system. It may still be another machine's, forwarded; one that
 * is reached by an address of the network is taken for another machine's.
 */
export function isAtSocket(): boolean {
  return engineHost().startsWith('unix:');
}

/** Forms of an address that the client library takes. */
const ADDRESS = /^(?:unix|tcp|http|https|npipe):\/\//;
const NO_ADDRESS = 'is not an address of an engine that can be used here';

/**
 * What is wrong with the engine's answer; `null` when it answers, or is reached in a way that is not tried here. One that
 * nobody named is looked for, and from then on it is the one of this process.
 */
export async function engineProblem(signal?: AbortSignal): Promise<string | null> {
  const known = namedHost() ?? found;
  if (known !== null) return problemAt(known, signal);
  const { host, problem } = await firstThatAnswers(placesOfEngines(), signal);
  found = host;
  return problem;
}

/** The first engine that answers, or what is wrong with each that there is. */
export async function firstThatAnswers(
  hosts: readonly string[],
  signal?: AbortSignal,
): Promise<{ host: string; problem: null } | { host: null; problem: string }> {
  const there = hosts.filter(mayBeThere);
  const problems: string[] = [];
  for (const host of there.length > 0 ? there : [DEFAULT_HOST]) {
    const problem = await problemAt(host, signal);
    if (problem === null) return { host, problem };
    problems.push(problem);
  }
  return { host: null, problem: problems.join('; ') };
}

function mayBeThere(host: string): boolean {
  const address = addressOf(host);
  return address === null || !('socketPath' in address) || existsSync(address.socketPath);
}

async function problemAt(host: string, signal: AbortSignal | undefined): Promise<string | null> {
  if (!ADDRESS.test(host)) return `DOCKER_HOST "${host}" ${NO_ADDRESS}`;
  const address = addressOf(host);
  if (address === null) return null;
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    await ping(address, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    return limit.aborted ? `${host} does not answer within ${ANSWER_MS} ms` : `${host}: ${messageOf(error)}`;
  }
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /EACCES|permission denied/i,
    'this user may not use it: "sudo usermod -aG docker $USER", then log in again; or point DOCKER_HOST at an engine of your own',
  ],
  [
    /"ssh:/,
    'forward its socket, "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock HOST", and set DOCKER_HOST=unix:///tmp/engine.sock and TESTCONTAINERS_RYUK_DISABLED=true',
  ],
  [new RegExp(NO_ADDRESS), 'write it as unix:///var/run/docker.sock or tcp://HOST:PORT'],
];

/** What helps against a problem of `engineProblem`; `null`: the engine has to be there, and started. */
export function engineRemedy(problem: string): string | null {
  return REMEDIES.find(([pattern]) => pattern.test(problem))?.[1] ?? null;
}

/** The error of a command that needs an engine. */
export function noEngine(problem: string, cause?: unknown): RunError {
  const remedy =
    engineRemedy(problem) ?? 'start Docker, or point DOCKER_HOST at it; "halfopen doctor" shows what is missing';
  return new RunError('cell-not-started', `no container engine answers: ${problem}`, remedy, cause);
}

type Address = { readonly socketPath: string } | { readonly host: string; readonly port: string };

function addressOf(host: string): Address | null {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const tcp = /^tcp:\/\/([^/]+):(\d+)\/?$/.exec(host);
  // With TLS the port speaks another protocol, and the library knows where the certificates are.
  if (tcp === null || (process.env['DOCKER_TLS_VERIFY'] ?? '') !== '') return null;
  return { host: tcp[1] ?? '', port: tcp[2] ?? '' };
}

/** GET /_ping (Docker Engine API, System). */
function ping(address: Address, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...address, path: '/_ping', signal }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`it answers /_ping with ${response.statusCode}`)),
      );
    });
    asked.once('error', reject);
    asked.end();
  });
}
