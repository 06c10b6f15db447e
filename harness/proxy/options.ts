/**
 * Reads the command line: flags with one or two dashes, `-flag value` or `-flag=value`, switches as Go's `flag` takes them.
 */
import { FLAGS } from './flags.ts';

export interface Options {
  readonly host: string;
  readonly port: number;
  readonly seed: string;
  readonly refused: 'reset' | 'end';
  readonly dialTimeoutMs: number;
  /** A JSON file of proxies to begin with. */
  readonly config: string | undefined;
  readonly proxyMetrics: boolean;
  readonly runtimeMetrics: boolean;
  readonly exitWithStdin: boolean;
  /** Only say the version, … */
  readonly version: boolean;
  /** … or which flags there are. */
  readonly help: boolean;
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Toxiproxy's port. */
const DEFAULT_PORT = 8474;
const DEFAULT_DIAL_TIMEOUT_MS = 10_000;

const SWITCHES = new Set(['help', 'h', ...FLAGS.filter(({ value }) => value === undefined).map(({ name }) => name)]);
const VALUES = new Set(FLAGS.filter(({ value }) => value !== undefined).map(({ name }) => name));

/** What Go reads as a boolean. */
const YES: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const NO: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

const readFlags = (argv: readonly string[]): ReadonlyMap<string, string> => {
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [, name = '', value] = /^--?([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (SWITCHES.has(name)) flags.set(name, value ?? 'true');
    else if (VALUES.has(name)) {
      const given = value ?? argv[(index += 1)];
      if (given === undefined) throw new UsageError(`--${name} needs a value`);
      flags.set(name, given);
    } else
      throw new UsageError(`unknown argument ${word}; known: ${FLAGS.map(({ name: one }) => `--${one}`).join(' ')}`);
  }
  return flags;
};

const wholeNumber = (text: string, name: string, most: number): number => {
  if (!/^\d+$/.test(text) || Number(text) > most)
    throw new UsageError(`--${name} must be a whole number from 0 to ${most}, got ${text}`);
  return Number(text);
};

const yesOrNo = (text: string | undefined, name: string): boolean => {
  if (text === undefined || NO.has(text)) return false;
  if (!YES.has(text)) throw new UsageError(`--${name} must be true or false, got ${text}`);
  return true;
};

/** @throws UsageError */
export const readOptions = (argv: readonly string[]): Options => {
  const flags = readFlags(argv);
  const isOn = (name: string): boolean => yesOrNo(flags.get(name), name);
  const refused = flags.get('refused') ?? 'reset';
  if (refused !== 'reset' && refused !== 'end') throw new UsageError(`--refused must be reset or end, got ${refused}`);
  return {
    host: flags.get('host') ?? 'localhost',
    port: wholeNumber(flags.get('port') ?? String(DEFAULT_PORT), 'port', 65_535),
    seed: flags.get('seed') ?? String(Date.now()),
    refused,
    dialTimeoutMs: wholeNumber(
      flags.get('dial-timeout-ms') ?? String(DEFAULT_DIAL_TIMEOUT_MS),
      'dial-timeout-ms',
      600_000,
    ),
    config: flags.get('config'),
    proxyMetrics: isOn('proxy-metrics'),
    runtimeMetrics: isOn('runtime-metrics'),
    exitWithStdin: isOn('exit-with-stdin'),
    version: isOn('version'),
    help: isOn('help') || isOn('h'),
  };
};
