/**
 * Whether the container engine answers at all: one question to its API, with a deadline.
 *
 * Owns finding the address the way Docker's own command does; a client library would wait for a silent engine for ever.
 */
import { request } from 'node:http';

import { messageOf } from '../run-error.ts';

const ANSWER_MS = 5_000;
const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** What is wrong with the engine's answer; `null` when it answers, or is reached in a way that is not tried here. */
export async function engineProblem(signal?: AbortSignal): Promise<string | null> {
  const host = process.env['DOCKER_HOST'] ?? DEFAULT_HOST;
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
