/**
 * Whether somebody listens on a port in a container's network, without knocking: by the kernel's table of that namespace.
 *
 * Owns the two ways to it: this machine's /proc where the engine runs here, else a look from inside the container.
 */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';

import { answered } from './engine.ts';
import type { Container } from './engine.ts';
import { isOwnProcess } from './own-process.ts';

/** State `0A` is LISTEN (man 5 proc, include/net/tcp_states.h). */
const LISTEN = '0A';
const TABLES = ['tcp', 'tcp6'] as const;

/** `null` where nobody can tell. */
export async function listensIn(container: Container, port: number): Promise<boolean | null> {
  const tables = await tablesOf(container);
  if (tables === null) return null;
  const ending = `:${port.toString(16).padStart(4, '0').toUpperCase()}`;
  return tables.split('\n').some((line) => {
    const [, address, , state] = line.trim().split(/\s+/);
    return state === LISTEN && address?.endsWith(ending) === true;
  });
}

async function tablesOf(container: Container): Promise<string | null> {
  const { Pid } = (await container.inspect()).State;
  if (!(await isOwnProcess(Pid, container.id))) return fromInside(container);
  const read = TABLES.map((table) => readFile(`/proc/${Pid}/net/${table}`, 'latin1').catch(() => null));
  const tables = await Promise.all(read);
  return tables.includes(null) ? null : tables.join('\n');
}

/** The containers that are looked into are of images of ours, which have `cat`. */
async function fromInside(container: Container): Promise<string | null> {
  const paths = TABLES.map((table) => `/proc/net/${table}`);
  const exec = await container.exec({ Cmd: ['cat', ...paths], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const stdout = new PassThrough();
  container.modem.demuxStream(stream, stdout, new PassThrough().resume());
  stream.once('close', () => stdout.end());
  stream.once('end', () => stdout.end());
  const tables = await answered('what a container listens on was to be read', text(stdout));
  return tables.includes('local_address') ? tables : null;
}
