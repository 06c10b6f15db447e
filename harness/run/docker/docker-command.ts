/**
 * Docker's own command, at the engine that the harness has to do with.
 *
 * Owns that there is only one: left alone the command follows its current context, which the client library knows nothing of.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { engineHost } from './engine-answer.ts';
import type { Labels } from './owner.ts';

/** The command would wait for a silent engine for ever. */
const ANSWER_LIMIT_MS = 20_000;

/**
 * The environment of every process that is Docker's command, or calls it. A platform that a shell prefers is left out: what
 * is built and run here is always for the engine's own (`platform.ts`).
 */
export function dockerEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_HOST: engineHost(), DOCKER_DEFAULT_PLATFORM: '' };
}

/** What it prints, for words that an engine answers at once. */
export async function dockerCommand(...args: string[]): Promise<string> {
  return (await promisify(execFile)('docker', args, patience())).stdout;
}

/** The same, a character for each byte, and up to so many of them. */
export async function dockerBytes(mostBytes: number, ...args: string[]): Promise<string> {
  const options = { ...patience(), maxBuffer: mostBytes, encoding: 'latin1' } as const;
  return (await promisify(execFile)('docker', args, options)).stdout;
}

/** What makes an object carry labels. */
export function labelFlags(labels: Labels): string[] {
  return Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

function patience(): { timeout: number; env: NodeJS.ProcessEnv } {
  return { timeout: ANSWER_LIMIT_MS, env: dockerEnvironment() };
}
