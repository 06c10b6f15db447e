/**
 * Docker's own command, at the engine that the harness has to do with.
 *
 * Owns that there is only one: left alone the command follows its current context, which the client library knows nothing of.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { engineHost } from './engine-answer.ts';

/** The command would wait for a silent engine for ever. */
const ANSWER_LIMIT_MS = 20_000;

/** The environment of every process that is Docker's command, or calls it. */
export function dockerEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_HOST: engineHost() };
}

/** What it prints, for words that an engine answers at once. */
export async function dockerCommand(...args: string[]): Promise<string> {
  const options = { timeout: ANSWER_LIMIT_MS, env: dockerEnvironment() };
  return (await promisify(execFile)('docker', args, options)).stdout;
}
