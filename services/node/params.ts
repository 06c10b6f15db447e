/**
 * What the environment asks of a subject: the contract's input, checked at the door.
 *
 * Owns names, defaults and ranges. A value that this subject does not support is told as `undefined`, and the program
 * then prints `unsupported`.
 */
import { KEEP_ALIVE_LIMITS } from '../socket/arguments.ts';
import type { KeepAlive } from '../socket/socket.ts';

export const WORKLOADS = [
  'connect',
  'echo',
  'pipeline',
  'upload',
  'download',
  'idle',
  'slow-reader',
  'reconnect',
] as const;
export const FRAMINGS = ['fixed', 'delimited', 'prefix32', 'ascii5', 'typed', 'until-end'] as const;
export const CONTENTS = ['bytes', 'text', 'zeros'] as const;

export type Workload = (typeof WORKLOADS)[number];
export type FramingName = (typeof FRAMINGS)[number];
export type Content = (typeof CONTENTS)[number];

/** The contract's parameters. Times in ms, sizes in bytes. */
export interface Params {
  readonly framing: FramingName;
  readonly messages: number;
  readonly messageBytes: number;
  readonly content: Content;
  readonly seed: string;
  readonly paceMs: number;
  readonly connections: number;
  readonly concurrency: number;
  readonly connectTimeoutMs: number;
  readonly ioTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly deadPeerMs: number;
  readonly maxMessageBytes: number;
  readonly durationMs: number;
  readonly readPauseMs: number;
  readonly backlog: number;
  readonly retries: number;
  readonly backoffMs: number;
  readonly keepAlive: KeepAlive | null;
  readonly userTimeoutMs: number;
  readonly trace: boolean;
}

/** What one process is to do. */
export interface Task {
  readonly role: 'server' | 'client';
  readonly workload: Workload;
  readonly host: string;
  readonly port: number;
  readonly params: Params;
}

/** How one value is read: `undefined` where it is of a wrong type or out of range. */
type Read<T> = (value: unknown) => T | undefined;

const count =
  (least: number): Read<number> =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined;

const oneOf =
  <T extends string>(names: readonly T[]): Read<T> =>
  (value) =>
    names.find((name) => name === value);

/** The payloads are digests of ASCII text. */
const text: Read<string> = (value) => (typeof value === 'string' && /^\p{ASCII}*$/u.test(value) ? value : undefined);

const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** Node has no TCP_USER_TIMEOUT: any other value than "not set" is unsupported. */
const notSet: Read<number> = (value) => (value === 0 ? 0 : undefined);

const keepAlive: Read<KeepAlive | null> = (value) => {
  if (value === null) return null;
  if (!isObject(value)) return undefined;
  const idleMs = count(1)(value['idleMs']);
  const intervalMs = count(1)(value['intervalMs']);
  const probes = count(1)(value['count']);
  if (idleMs === undefined || intervalMs === undefined || probes === undefined) return undefined;
  const isKept = Math.max(idleMs, intervalMs) <= KEEP_ALIVE_LIMITS.ms;
  return isKept && probes <= KEEP_ALIVE_LIMITS.count ? { idleMs, intervalMs, count: probes } : undefined;
};

/** One parameter: how it is read and what it is when nothing is said. */
type Rules = { readonly [K in keyof Params]: readonly [read: Read<Params[K]>, otherwise: Params[K]] };

const RULES: Rules = {
  framing: [oneOf(FRAMINGS), 'prefix32'],
  messages: [count(0), 10],
  messageBytes: [count(1), 1024],
  content: [oneOf(CONTENTS), 'bytes'],
  seed: [text, '0'],
  paceMs: [count(0), 0],
  connections: [count(0), 1],
  concurrency: [count(1), 16],
  connectTimeoutMs: [count(0), 1000],
  ioTimeoutMs: [count(0), 1000],
  heartbeatMs: [count(0), 0],
  deadPeerMs: [count(0), 0],
  maxMessageBytes: [count(0), 1_048_576],
  durationMs: [count(0), 1000],
  readPauseMs: [count(0), 0],
  backlog: [count(0), 511],
  retries: [count(0), 0],
  backoffMs: [count(0), 50],
  keepAlive: [keepAlive, null],
  userTimeoutMs: [notSet, 0],
  trace: [flag, false],
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or `undefined` for anything else. Unset or empty is the empty object. */
function jsonObject(source: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (source === undefined || source === '') return {};
  try {
    const value: unknown = JSON.parse(source);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the parameters; `undefined` if one of them is not supported. */
export function readParams(source: string | undefined): Params | undefined {
  const given = jsonObject(source);
  if (given === undefined) return undefined;
  let supported = true;
  const value = <K extends keyof Params>(key: K): Params[K] => {
    const [read, otherwise] = RULES[key];
    if (!Object.hasOwn(given, key)) return otherwise;
    const found = read(given[key]);
    if (found === undefined) supported = false;
    return found ?? otherwise;
  };
  const params: Params = {
    framing: value('framing'),
    messages: value('messages'),
    messageBytes: value('messageBytes'),
    content: value('content'),
    seed: value('seed'),
    paceMs: value('paceMs'),
    connections: value('connections'),
    concurrency: value('concurrency'),
    connectTimeoutMs: value('connectTimeoutMs'),
    ioTimeoutMs: value('ioTimeoutMs'),
    heartbeatMs: value('heartbeatMs'),
    deadPeerMs: value('deadPeerMs'),
    maxMessageBytes: value('maxMessageBytes'),
    durationMs: value('durationMs'),
    readPauseMs: value('readPauseMs'),
    backlog: value('backlog'),
    retries: value('retries'),
    backoffMs: value('backoffMs'),
    keepAlive: value('keepAlive'),
    userTimeoutMs: value('userTimeoutMs'),
    trace: value('trace'),
  };
  return supported ? params : undefined;
}

/** The longest payload whose length the header can say. */
const LONGEST_BYTES: { readonly [framing in FramingName]?: number } = { ascii5: 99_999, prefix32: 2 ** 32 - 1 };

/** Whether the framing can carry what is asked for: only content without LF can be `delimited`. */
function fits({ framing, content, messageBytes }: Params): boolean {
  if (framing === 'delimited' && content === 'bytes') return false;
  return messageBytes <= (LONGEST_BYTES[framing] ?? Infinity);
}

/** Reads the whole task; `undefined` if any of it is not supported. */
export function readTask(env: NodeJS.ProcessEnv): Task | undefined {
  const role = oneOf(['server', 'client'])(env['HALFOPEN_ROLE']);
  const workload = oneOf(WORKLOADS)(env['HALFOPEN_WORKLOAD']);
  const host = env['HALFOPEN_HOST'];
  const port = /^\d+$/.test(env['HALFOPEN_PORT'] ?? '') ? Number(env['HALFOPEN_PORT']) : -1;
  const given = readParams(env['HALFOPEN_PARAMS']);
  if (env['HALFOPEN_CONTRACT'] !== '1' || role === undefined || workload === undefined || given === undefined)
    return undefined;
  if (host === undefined || host === '') return undefined;
  if (port > 65_535 || port < (role === 'server' ? 0 : 1)) return undefined;
  const params = settled(workload, given);
  if (!fits(params) || (workload === 'idle' && params.framing !== 'prefix32')) return undefined;
  return { role, workload, host, port, params };
}

/** `upload` is always up to the end of the stream, and a stream that ends with its message holds only one. */
function settled(workload: Workload, params: Params): Params {
  const framing = workload === 'upload' ? 'until-end' : params.framing;
  return { ...params, framing, messages: framing === 'until-end' ? 1 : params.messages };
}
