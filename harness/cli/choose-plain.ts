/**
 * The plain subjects of a run: named in the configuration, or given as a command on the spot.
 *
 * Owns what `--plain-client` and `--plain-server` take, and that plain subjects meet only each other.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import * as v from 'valibot';

import { namesPort, plainAddressSchema, plainClientSchema, plainServerSchema } from '../contract/plain-subject.ts';
import type { PlainClient, PlainServer } from '../contract/plain-subject.ts';
import type { Config } from '../suite/config.ts';
import type { NamedPlain } from '../suite/plain-job.ts';
import { FlagError, UsageError } from '../suite/usage-error.ts';
import { wholeNumber } from './arguments.ts';

export interface PlainPairs {
  readonly servers: readonly NamedPlain<PlainServer>[];
  readonly clients: readonly NamedPlain<PlainClient>[];
}

/** What the command line says of plain subjects, beside names. */
export interface PlainFlags {
  readonly 'plain-client'?: string[] | undefined;
  readonly 'plain-server'?: string[] | undefined;
  readonly within?: string | undefined;
}

const LONGEST_BOUND_MS = 600_000;

/**
 * The plain subjects that are asked for: by name among `names`, or by command.
 *
 * @throws {UsageError} for a client without a server or the reverse, or one that does not say where `{port}` goes
 */
export function choosePlain(
  flags: PlainFlags,
  names: { readonly server: readonly string[]; readonly client: readonly string[] },
  { subjects }: Config,
): PlainPairs {
  const servers: NamedPlain<PlainServer>[] = (flags['plain-server'] ?? []).map(givenServer);
  const clients: NamedPlain<PlainClient>[] = (flags['plain-client'] ?? []).map((text) =>
    givenClient(text, flags.within),
  );
  if (flags.within !== undefined && clients.length === 0) throw new UsageError('--within is for a --plain-client');
  for (const [name, program] of Object.entries(subjects)) {
    if (!('plain' in program)) continue;
    const given = null;
    if (program.plain === 'server' && names.server.includes(name)) servers.push({ name, program, given });
    if (program.plain === 'client' && names.client.includes(name)) clients.push({ name, program, given });
    const other = program.plain === 'server' ? 'client' : 'server';
    const problem = `"${name}" is a plain ${program.plain}`;
    if (names[other].includes(name)) throw new FlagError(other, problem, `--${other}: ${problem}`);
  }
  for (const { name, program } of [...servers, ...clients]) demandPort(name, program);
  if (servers.length > 0 !== clients.length > 0) {
    const [has, lacks] = servers.length > 0 ? ['server', 'client'] : ['client', 'server'];
    throw new UsageError(
      `a plain ${has} runs against a plain ${lacks}: name one with --${lacks}, or give its command with --plain-${lacks}`,
    );
  }
  return { servers, clients };
}

function demandPort(name: string, program: PlainServer | PlainClient): void {
  if ('address' in program || 'port' in program || namesPort(program)) return;
  throw new UsageError(
    `the plain ${program.plain} "${name}" is told no {port}: put it where the port goes, as in "curl http://{host}:{port}/"`,
  );
}

/** What stands in quotes on the command line is read by a shell, as if it had been typed by itself. */
function shellCommand(text: string): string[] {
  return ['sh', '-c', text];
}

function givenClient(text: string, within: string | undefined): NamedPlain<PlainClient> {
  const range = { least: 1, most: LONGEST_BOUND_MS, fallback: v.parse(plainClientSchema.entries.withinMs, undefined) };
  const withinMs = wholeNumber('within', within, range);
  const program = v.parse(plainClientSchema, { plain: 'client', command: shellCommand(text), withinMs });
  return { name: nameOf(text), program, given: text };
}

function givenServer(text: string): NamedPlain<PlainServer> {
  const address = v.safeParse(plainAddressSchema, { plain: 'server', address: text });
  if (address.success) return { name: nameOf(text), program: address.output, given: text };
  if (/^\S+:\d+$/.test(text))
    throw new UsageError(`--plain-server: "${text}" ${address.issues[0].message}, as in 127.0.0.1:8080`);
  const program = v.parse(plainServerSchema, { plain: 'server', command: shellCommand(text) });
  return { name: nameOf(text), program, given: text };
}

/** Short enough to be read, and another for another command: `curl-1f2e3d`. */
function nameOf(text: string): string {
  const program = basename(text.trim().split(/\s/)[0] ?? '').toLowerCase();
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 6);
  return `${
    program
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 20) || 'command'
  }-${digest}`;
}
